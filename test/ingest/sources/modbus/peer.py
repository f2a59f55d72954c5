"""A Modbus server of Debian's python3-pymodbus: an independent reading of the protocol.

Usage: peer.py rtu PATH | peer.py tcp
Reads {"<unit>": {"<address>": <word>}} of input registers from standard input, and says where it listens on standard
output, one line.
"""
import asyncio
import json
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.framer.rtu_framer import ModbusRtuFramer
from pymodbus.server.async_io import StartAsyncSerialServer, StartAsyncTcpServer

UNITS = json.loads(sys.stdin.readline())


def slave(words):
    """All other registers up to the last one read as zero, as meters do."""
    values = {address: 0 for address in range(0, 1 + max(int(address) for address in words))}
    values.update({int(address): word for address, word in words.items()})
    block = ModbusSparseDataBlock(values)
    return ModbusSlaveContext(ir=block, hr=ModbusSparseDataBlock({0: 0}), zero_mode=True)


async def main():
    context = ModbusServerContext({int(unit): slave(words) for unit, words in UNITS.items()}, single=False)
    if sys.argv[1] == "rtu":
        server = await StartAsyncSerialServer(
            context,
            framer=ModbusRtuFramer,
            port=sys.argv[2],
            baudrate=115200,
            ignore_missing_slaves=True,
            defer_start=True,
        )
        await server.start()
        print("ready", flush=True)
    else:
        server = await StartAsyncTcpServer(context, address=("127.0.0.1", 0), defer_start=True)
        serving = asyncio.ensure_future(server.serve_forever())
        await server.serving
        print(server.server.sockets[0].getsockname()[1], flush=True)
        await serving
    await asyncio.Event().wait()


asyncio.run(main())
