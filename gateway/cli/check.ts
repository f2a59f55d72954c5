import type { Finding } from '../config/finding.ts';
import { formatFinding } from '../config/finding.ts';
import { lintVenue } from '../config/lints/index.ts';
import type { Loaded } from '../config/load.ts';
import { loadVenue, unreadable } from '../config/load.ts';
import type { ConfigProblem } from '../config/problems/problem.ts';
import { formatProblem } from '../config/problems/problem.ts';
import { venueJsonSchema } from '../config/schema.ts';
import type { Locale } from '../config/sections/venue.ts';

export interface CheckOptions {
  readonly file: string;
  /** Print the JSON Schema of venue.yaml instead; the file is not read. */
  readonly schema: boolean;
  readonly locale: Locale;
  /** Unix milliseconds, for what depends on the day. */
  readonly nowMs?: number;
}

export type Write = (text: string) => void;

/** A file that is wrong all over: the first lines say it. */
const LINES_MAX = 200;

const printLines = (lines: readonly string[], write: Write, locale: Locale): void => {
  for (const line of lines.slice(0, LINES_MAX)) write(`${line}\n`);
  const more = lines.length - LINES_MAX;
  if (more > 0) write(locale === 'zh-CN' ? `……还有 ${more} 条\n` : `… and ${more} more\n`);
};

const printProblems = (problems: readonly ConfigProblem[], write: Write, locale: Locale): void => {
  const lines = problems.map((problem) => formatProblem(problem, locale));
  printLines(lines, write, locale);
  write(locale === 'zh-CN' ? `共 ${lines.length} 个错误\n` : `${lines.length} error${lines.length === 1 ? '' : 's'}\n`);
};

const count = (findings: readonly Finding[], severity: Finding['severity']): number =>
  findings.filter((finding) => finding.severity === severity).length;

type Valid = Extract<Loaded, { ok: true }>;

const printFindings = (findings: readonly Finding[], { locate }: Valid, options: CheckOptions, write: Write): void => {
  const { file, locale } = options;
  const placed = findings.map((finding) => ({ finding, position: locate(finding.path, 'key') }));
  placed.sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);
  const lines = placed.map(({ finding, position }) => formatFinding(finding, locale, file, position));
  printLines(lines, write, locale);
};

const summary = (findings: readonly Finding[], { config }: Valid, locale: Locale): string => {
  const devices = Object.keys(config.devices).length + Object.keys(config.badges).length;
  const [errors, found, notes] = [count(findings, 'error'), count(findings, 'finding'), count(findings, 'note')];
  return locale === 'zh-CN'
    ? `${devices} 个设备，${config.rules.length} 条规则：${errors} 个错误，${found} 个问题，${notes} 条提示\n`
    : `${devices} devices, ${config.rules.length} rules: ${errors} errors, ${found} findings, ${notes} notes\n`;
};

const read = (file: string, readFile: (path: string) => string): Loaded => {
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    return { ok: false, errors: [unreadable(file, error)] };
  }
  return loadVenue(text, file);
};

/**
 * `muster check`. Answers the exit code: 0 fine (notes may have been printed), 1 findings, 2 the file is invalid or the
 * gateway would refuse to start with it. Findings go to `out`, errors of the file to `err`.
 */
export const runCheck = (options: CheckOptions, out: Write, err: Write, readFile: (path: string) => string): number => {
  if (options.schema) {
    out(`${JSON.stringify(venueJsonSchema(), null, 2)}\n`);
    return 0;
  }
  const loaded = read(options.file, readFile);
  if (!loaded.ok) {
    printProblems(loaded.errors, err, options.locale);
    return 2;
  }
  const findings = lintVenue(loaded.config, options.nowMs);
  printFindings(findings, loaded, options, out);
  out(summary(findings, loaded, options.locale));
  if (count(findings, 'error') > 0) return 2;
  return count(findings, 'finding') > 0 ? 1 : 0;
};
