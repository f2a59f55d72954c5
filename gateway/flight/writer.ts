import { mkdirSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';
import { OWNER_ONLY } from '../private-file.ts';
import { type FlightFile, flightFiles } from './files.ts';
import { BLOCK_HEADER_BYTES, BLOCK_MAGIC, FILE_MAGIC, fileName } from './format.ts';

const compress = promisify(deflateRaw);

/** The least work that takes most of the repetition out of JSON. */
const LEVEL = 1;
/** An alarm or an acknowledgement comes alone: setting up a compressor for it would cost more than its bytes. */
const SMALL_BYTES = 4096;

export interface WriterOptions {
  readonly directory: string;
  /** Of all files together; the oldest go first. */
  readonly bytesMax: number;
  readonly keepMs: number;
  /** The system's time, Unix milliseconds: what file times are compared with. */
  nowMs(): number;
  /** Once for each failure in a row of them. */
  onFailure(error: unknown): void;
}

/** A block, and the number of the file that it belongs into. */
interface Work {
  readonly file: number;
  readonly block: Uint8Array;
}

/** A file is so much of all that may be kept: what goes first, goes in pieces of that size. */
const FILES = 16;

/**
 * Writes blocks one after the other. Compression and disk run in libuv's threads: the main thread hands over a buffer
 * and is told when it is done.
 */
export class FlightWriter {
  readonly #options: WriterOptions;
  readonly #queue: Work[] = [];
  #kept: FlightFile[];
  #number: number;
  #bytes = 0;
  #pendingBytes = 0;
  #handle: FileHandle | undefined;
  #writing: Promise<void> | undefined;
  /** Number of a file that nothing more can be written to. */
  #spoilt = -1;
  #isFailing = false;
  readonly counters = { writtenBytes: 0, lostBlocks: 0, failures: 0, removedFiles: 0 };

  constructor(options: WriterOptions) {
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    this.#options = options;
    this.#kept = [...flightFiles(options.directory)];
    this.#number = (this.#kept.at(-1)?.number ?? 0) + 1;
  }

  /** Of the file that the next block goes into. */
  get number(): number {
    return this.#number;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Bytes of all files. */
  get keptBytes(): number {
    return this.#kept.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** True where the file at hand is as large as one gets, or cannot be written to any more. */
  get isFull(): boolean {
    return this.#bytes >= this.#options.bytesMax / FILES || this.#spoilt === this.#number;
  }

  /** True where it can no longer wait for anything. */
  get isOverfull(): boolean {
    return this.#bytes >= (2 * this.#options.bytesMax) / FILES || this.#spoilt === this.#number;
  }

  /** What comes from now on goes into a file of its own. */
  nextFile(): number {
    this.#number += 1;
    this.#bytes = 0;
    return this.#number;
  }

  append(block: Uint8Array): void {
    this.#queue.push({ file: this.#number, block });
    this.#pendingBytes += block.byteLength;
    if (this.#writing !== undefined) return;
    const writing = this.#drain();
    if (this.#queue.length > 0) this.#writing = writing;
  }

  /** Resolves when all that was appended is written, or could not be. */
  async written(): Promise<void> {
    await this.#writing;
  }

  async end(): Promise<void> {
    await this.written();
    await this.#close();
  }

  async #drain(): Promise<void> {
    for (let work = this.#queue[0]; work !== undefined; work = this.#queue[0]) {
      try {
        if (work.file === this.#spoilt) this.counters.lostBlocks += 1;
        else await this.#write(work);
      } catch (error) {
        this.#spoilt = work.file;
        this.counters.lostBlocks += 1;
        this.counters.failures += 1;
        if (!this.#isFailing) this.#options.onFailure(error);
        this.#isFailing = true;
      }
      this.#queue.shift();
      this.#pendingBytes -= work.block.byteLength;
    }
    this.#writing = undefined;
  }

  async #write({ file, block }: Work): Promise<void> {
    const compressed = block.byteLength < SMALL_BYTES ? block : await compress(block, { level: LEVEL });
    const stored = compressed.byteLength < block.byteLength ? compressed : block;
    const bytes = BLOCK_HEADER_BYTES + stored.byteLength;
    const written = Buffer.allocUnsafe(bytes);
    written.writeUInt32LE(BLOCK_MAGIC, 0);
    written.writeUInt32LE(stored.byteLength, 4);
    written.writeUInt32LE(block.byteLength, 8);
    written.writeUInt32LE(crc32(stored), 12);
    written.set(stored, BLOCK_HEADER_BYTES);
    const handle = await this.#open(file);
    const { bytesWritten } = await handle.write(written);
    if (bytesWritten !== bytes) throw new Error(`only ${bytesWritten} of ${bytes} bytes were written`);
    this.#isFailing = false;
    this.counters.writtenBytes += bytes;
    if (file === this.#number) this.#bytes += bytes;
    const last = this.#kept.at(-1);
    if (last !== undefined) this.#kept[this.#kept.length - 1] = { ...last, bytes: last.bytes + bytes };
  }

  async #open(file: number): Promise<FileHandle> {
    if (this.#handle !== undefined && this.#kept.at(-1)?.number === file) return this.#handle;
    await this.#close();
    await this.#makeRoom();
    const path = join(this.#options.directory, fileName(file));
    this.#handle = await open(path, 'wx', OWNER_ONLY);
    await this.#handle.write(FILE_MAGIC);
    this.#kept.push({ number: file, path, bytes: FILE_MAGIC.byteLength, changedMs: this.#options.nowMs() });
    return this.#handle;
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /** Removes the oldest files until one more has room, and those that are too old. */
  async #makeRoom(): Promise<void> {
    const { bytesMax, keepMs, nowMs } = this.#options;
    const room = bytesMax - (2 * bytesMax) / FILES;
    let bytes = this.#kept.reduce((sum, each) => sum + each.bytes, 0);
    for (let first = this.#kept[0]; first !== undefined; first = this.#kept[0]) {
      if (bytes <= room && nowMs() - first.changedMs <= keepMs) return;
      await rm(first.path, { force: true });
      this.counters.removedFiles += 1;
      bytes -= first.bytes;
      this.#kept.shift();
    }
  }
}
