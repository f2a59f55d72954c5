import modbus from 'modbus-serial';
import type { Answer } from './line.ts';
import type { Poll } from './schedule.ts';

export type Client = InstanceType<typeof modbus.default>;

/** A client of modbus-serial over a port of its kind; one for each opening, for it does not survive a closing. */
export const createClient = (port?: unknown): Client => {
  const client = new modbus.default(port);
  // Whoever owns the port hears of its errors; without a listener they would end the process.
  client.on('error', () => undefined);
  return client;
};

const member = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;

/** What modbus-serial's rejections mean: it tells some of them by their text alone. */
const failureOf = (error: unknown): Answer => {
  const code = member(error, 'modbusCode');
  if (typeof code === 'number') return { type: 'exception', code };
  if (member(error, 'errno') === 'ETIMEDOUT') return { type: 'timeout' };
  const message = member(error, 'message');
  if (message === 'CRC error') return { type: 'corrupt' };
  const isOther = typeof message === 'string' && /^(Data length|Unexpected data) error/.test(message);
  return { type: isOther ? 'wrong-length' : 'lost' };
};

/** One request by the library's own means; never rejects. */
export const readBy = async (
  client: Client,
  { unit, functionCode, start, count, timeoutMs }: Poll,
): Promise<Answer> => {
  client.setID(unit);
  client.setTimeout(Math.ceil(timeoutMs));
  try {
    const { buffer } =
      functionCode === 3
        ? await client.readHoldingRegisters(start, count)
        : await client.readInputRegisters(start, count);
    return buffer.length === 2 * count ? { type: 'registers', bytes: buffer } : { type: 'wrong-length' };
  } catch (error) {
    return failureOf(error);
  }
};
