"""A ticket printer that speaks ESC/POS, on a serial port, TCP 9100 or a converter: pages, states, paper left."""

from devices.drivers.escpos_printer.driver import PrinterDriver
from devices.drivers.escpos_printer.options import Options
from devices.drivers.escpos_printer.simulator import SimulatedPrinter
from devices.kind import Kind
from devices.words import Print, Printed

KIND = Kind(
    name="escpos_printer",
    baud=115_200,
    addresses=range(1),
    options=Options,
    reports=(Printed,),
    orders=(Print,),
    driver=PrinterDriver,
    simulator=SimulatedPrinter,
    sample_options=(Options(),),
    digits=0,
)
