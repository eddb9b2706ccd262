// Starts a Bluesky PDS and the directory it writes to: node pds.mjs PDS_PORT PLC_PORT. Stops with its process.
import { TestNetworkNoAppView } from '@atproto/dev-env'

const [pdsPort, plcPort] = process.argv.slice(2).map(Number)
await TestNetworkNoAppView.create({ plc: { port: plcPort }, pds: { port: pdsPort, hostname: 'localhost' } })
