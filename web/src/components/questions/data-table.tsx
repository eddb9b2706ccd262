import type { ReactNode } from "react";
import type { Selection } from "~/lib/selection";
import css from "./data-table.module.css";
import { Defined } from "./defined";
import { Drill } from "./drill";

export interface Column<Row> {
  key: string;
  title: string;
  /** The figure whose definition stands behind the title. */
  figure?: string;
  cell: (row: Row) => ReactNode;
  /** Words, not figures: kept to the left. */
  words?: boolean;
}

export interface DataTableProps<Row> {
  caption: string;
  rows: readonly Row[];
  columns: Column<Row>[];
  keyOf: (row: Row) => string;
  /** Where a row leads; `null` leads nowhere. */
  partOf: (row: Row) => Selection | null;
  /** The table scrolls by itself past so many pixels. */
  height?: number;
}

/** The figures of a chart, row by row; the whole of a row is its link. */
export function DataTable<Row>({ caption, rows, columns, keyOf, partOf, height = 420 }: DataTableProps<Row>) {
  const [first, ...rest] = columns;
  if (!first) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <div className={css.scroll} style={{ maxHeight: height }} role="group" tabIndex={0} aria-label={caption}>
      <table className={css.table}>
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-words={column.words || column === first}>
                {column.figure ? <Defined figure={column.figure}>{column.title}</Defined> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const part = partOf(row);
            return (
              <tr key={keyOf(row)} data-leads={part !== null}>
                <th scope="row">
                  {part ? (
                    <Drill part={part} className={css.link}>
                      {first.cell(row)}
                    </Drill>
                  ) : (
                    first.cell(row)
                  )}
                </th>
                {rest.map((column) => (
                  <td key={column.key} data-words={column.words}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
