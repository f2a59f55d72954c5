import type { Characteristic, Noble, Peripheral, PeripheralAddressType } from '@stoprocent/noble';
import type { WriteFailureCode, WriteRequest, WriteResult } from './protocol.ts';

const POWERED_ON_MS = 3_000;
/** A badge that advertises every two seconds is heard twice in it. */
const CONNECT_MS = 4_000;
const DISCONNECT_MS = 1_000;

const failed = (code: WriteFailureCode, detail: string): WriteResult => ({ ok: false, code, detail });
const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const within = async <T>(ms: number, promise: Promise<T>): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The likely kind of an address first: static random ones begin with two set bits (Core Specification 5.4, vol 6, part B,
 * section 1.3.2.1), but so do some that were bought.
 */
const typesOf = (mac: string): readonly PeripheralAddressType[] =>
  Number.parseInt(mac.slice(0, 2), 16) >= 0xc0 ? ['random', 'public'] : ['public', 'random'];

const connect = async (noble: Noble, mac: string): Promise<Peripheral | undefined> => {
  for (const addressType of typesOf(mac)) {
    try {
      const peripheral = await within(CONNECT_MS, noble.connectAsync(mac.toLowerCase(), { addressType }));
      if (peripheral !== undefined) return peripheral;
    } catch {
      // Refused: the other kind of address may be right.
    }
    noble.cancelConnect(mac.toLowerCase());
  }
  return undefined;
};

/** What is written without an answer has arrived once a later question is answered: the link keeps the order. */
const write = async (peripheral: Peripheral, characteristic: Characteristic, request: WriteRequest): Promise<void> => {
  const withoutResponse = !characteristic.properties.includes('write');
  await characteristic.writeAsync(Buffer.from(request.value), withoutResponse);
  if (withoutResponse) await peripheral.discoverServicesAsync([request.service]);
};

const writeTo = async (peripheral: Peripheral, request: WriteRequest): Promise<WriteResult> => {
  const { service, characteristic: uuid } = request;
  const [found] = await peripheral.discoverServicesAsync([service]);
  const [characteristic] = (await found?.discoverCharacteristicsAsync([uuid])) ?? [];
  if (characteristic === undefined) return failed('not-offered', `${service}/${uuid}`);
  await write(peripheral, characteristic, request);
  return { ok: true };
};

/** Connects, writes one value, and lets the badge go. Never rejects; whoever waits longest sets the limit. */
export const writeOnce = async (noble: Noble, request: WriteRequest): Promise<WriteResult> => {
  try {
    await noble.waitForPoweredOnAsync(POWERED_ON_MS);
  } catch (error) {
    return failed('no-radio', `${reason(error)} (${noble.state})`);
  }
  try {
    const peripheral = await connect(noble, request.mac);
    if (peripheral === undefined) return failed('unreachable', `no answer in ${(2 * CONNECT_MS) / 1000} s`);
    const lost = new Promise<WriteResult>((resolve) => {
      peripheral.once('disconnect', (why) => resolve(failed('lost', String(why))));
    });
    const result = await Promise.race([writeTo(peripheral, request), lost]);
    await within(DISCONNECT_MS, peripheral.disconnectAsync());
    return result;
  } catch (error) {
    return failed('lost', reason(error));
  }
};
