// Asks a module who it is, and registers; ends when the platform is reached: node host.js PORT
const { SerialPort, ReadlineParser } = require('serialport')

const port = new SerialPort({ path: process.argv[2], baudRate: 115200 })
const commands = ['ATE0', 'ATI', 'AT+CGMR', 'AT+QIOTREG=1']
const next = () => commands.length && port.write(commands.shift() + '\r')

port.on('open', next)
port.on('error', (error) => {
  console.error(error)
  process.exit(1)
})
port.pipe(new ReadlineParser({ delimiter: '\r\n' })).on('data', (line) => {
  if (line) console.log(line)
  if (line === 'OK') next()
  if (line === '+QIOTEVT: 3,10200') port.close()
})
