import type { Frame } from '../../ingest/model/frame.ts';
import { BASE_BYTES, FRAME_BYTES_MAX, KIND, RETAINED, RSSI, WAKE_BYTES, WIDE } from './format.ts';

const INITIAL_BYTES = 64 * 1024;
/** A block this large is closed: what one that is torn takes with it. */
export const BLOCK_BYTES = 256 * 1024;
const MAX_U32 = 0xffff_ffff;
/** More than the topics of 10,000 badges and 1,000 sensors; strangers invent topics, so numbers are given anew then. */
const ROUTES_MAX = 50_000;

interface Route {
  readonly number: number;
  readonly source: string;
  readonly transport: Frame['transport'];
  readonly address: string;
  readonly client: string | undefined;
  readonly profile: string | undefined;
}

const isOf = (route: Route, frame: Frame): boolean =>
  route.address === frame.address &&
  route.client === frame.client &&
  route.source === frame.source &&
  route.profile === frame.profile &&
  route.transport === frame.transport;

/** Packs records into blocks; no allocation for a frame whose route is known. */
export class FlightEncoder {
  #buffer = Buffer.from(new ArrayBuffer(INITIAL_BYTES));
  #view = new DataView(this.#buffer.buffer);
  #at = BASE_BYTES;
  #baseMs = -1;
  /** By the number that the source gives to an address. */
  #places: (Route | undefined)[] = [];
  #routes = new Map<string, Route>();
  #lastRoute = -1;

  get isEmpty(): boolean {
    return this.#at === BASE_BYTES;
  }

  get byteLength(): number {
    return this.#at;
  }

  frame(frame: Frame): void {
    const route = this.#routeOf(frame);
    const { payload, arrivedMs, rssiDbm } = frame;
    this.#reserve(FRAME_BYTES_MAX + payload.byteLength);
    if (this.#baseMs < 0) this.#baseMs = Math.floor(arrivedMs);
    const view = this.#view;
    let at = this.#at;
    const sinceBase = arrivedMs - this.#baseMs;
    const isWide = !(sinceBase >= 0 && sinceBase <= MAX_U32 && Number.isInteger(sinceBase));
    view.setUint8(at, KIND.frame);
    view.setUint8(at + 1, (frame.retained ? RETAINED : 0) | (isWide ? WIDE : 0) | (rssiDbm === undefined ? 0 : RSSI));
    view.setUint32(at + 2, route, true);
    at += 6;
    if (isWide) {
      view.setFloat64(at, arrivedMs, true);
      at += 8;
    } else {
      view.setUint32(at, sinceBase, true);
      at += 4;
    }
    if (rssiDbm !== undefined) {
      view.setInt16(at, rssiDbm, true);
      at += 2;
    }
    view.setUint32(at, payload.byteLength, true);
    this.#buffer.set(payload, at + 4);
    this.#at = at + 4 + payload.byteLength;
  }

  wake(timer: number, atMs: number): void {
    this.#reserve(WAKE_BYTES);
    this.#view.setUint8(this.#at, KIND.wake);
    this.#view.setUint32(this.#at + 1, timer, true);
    this.#view.setFloat64(this.#at + 5, atMs, true);
    this.#at += WAKE_BYTES;
  }

  json(kind: number, value: unknown): void {
    const text = JSON.stringify(value);
    const length = Buffer.byteLength(text);
    this.#reserve(5 + length);
    this.#view.setUint8(this.#at, kind);
    this.#view.setUint32(this.#at + 1, length, true);
    this.#buffer.write(text, this.#at + 5, 'utf8');
    this.#at += 5 + length;
  }

  /** The block so far, whose bytes are the caller's now; the next one begins empty. */
  seal(): Buffer {
    this.#view.setFloat64(0, Math.max(0, this.#baseMs), true);
    let block = this.#buffer.subarray(0, this.#at);
    if (this.#at <= INITIAL_BYTES) block = Buffer.from(block);
    else {
      this.#buffer = Buffer.from(new ArrayBuffer(Math.min(BLOCK_BYTES, 2 * this.#at)));
      this.#view = new DataView(this.#buffer.buffer);
    }
    this.#at = BASE_BYTES;
    this.#baseMs = -1;
    return block;
  }

  /** What follows goes into another file: numbers of routes are given anew. */
  forgetRoutes(): void {
    this.#places = [];
    this.#routes = new Map();
    this.#lastRoute = -1;
  }

  #routeOf(frame: Frame): number {
    const { place } = frame;
    const known = place === undefined ? undefined : this.#places[place];
    if (known !== undefined && isOf(known, frame)) return known.number;
    const route = this.#lookUp(frame);
    if (place !== undefined && place < ROUTES_MAX) this.#places[place] = route;
    return route.number;
  }

  #lookUp(frame: Frame): Route {
    const { source, transport, address, client, profile } = frame;
    const key = `${source}\n${transport}\n${client ?? ''}\n${profile ?? ''}\n${address}`;
    const known = this.#routes.get(key);
    if (known !== undefined && isOf(known, frame)) return known;
    if (this.#routes.size >= ROUTES_MAX) this.forgetRoutes();
    this.#lastRoute += 1;
    const route = { number: this.#lastRoute, source, transport, address, client, profile };
    this.#routes.set(key, route);
    this.#reserve(5);
    this.#view.setUint8(this.#at, KIND.route);
    this.#view.setUint32(this.#at + 1, route.number, true);
    this.#at += 5;
    this.#text(JSON.stringify([source, transport, address, client ?? null, profile ?? null]));
    return route;
  }

  #text(text: string): void {
    const length = Buffer.byteLength(text);
    this.#reserve(4 + length);
    this.#view.setUint32(this.#at, length, true);
    this.#buffer.write(text, this.#at + 4, 'utf8');
    this.#at += 4 + length;
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.from(new ArrayBuffer(Math.max(needed, this.#buffer.length * 2)));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}
