// The parts of the chart library that are used, and no others; loaded when the first chart is drawn.
import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, CustomChart, GridComponent, SVGRenderer]);

export { init };
