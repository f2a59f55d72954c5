import type { EditOutcome } from '../config/edit-venue-file.ts';
import { formatProblem } from '../config/problems/problem.ts';
import type { Locale } from '../config/sections/venue.ts';
import type { Write } from './check.ts';

const EXIT_REFUSED = 2;

const UNCHANGED = { 'zh-CN': '文件没有改动', en: 'the file was not changed' } as const;

const byHand = (line: string) => ({
  'zh-CN': `该文件的写法无法自动修改，请手工写入：\n  ${line}`,
  en: `this file is written in a way that cannot be changed by program; write it by hand:\n  ${line}`,
});

const exists = (line: string) => ({
  'zh-CN': `文件中已有该项，未写入：\n  ${line}`,
  en: `the file has such an entry already; this was not written:\n  ${line}`,
});

const busy = (file: string) => ({
  'zh-CN': `另一个程序正在修改该文件；若没有，请删除 ${file}.new`,
  en: `another program is changing the file; if none is, remove ${file}.new`,
});

const notWritable = (file: string, code: string) => ({
  'zh-CN': `无法写入 ${file}（${code}）`,
  en: `${file} cannot be written (${code})`,
});

/** Says why venue.yaml was not changed. Answers the exit code. `line`: what was to be written. */
export const sayRefused = (
  outcome: Extract<EditOutcome, { readonly ok: false }>,
  { file, line, locale }: { readonly file: string; readonly line: string; readonly locale: Locale },
  err: Write,
): number => {
  switch (outcome.why) {
    case 'invalid-before':
    case 'invalid-after':
      for (const problem of outcome.problems) err(`${formatProblem(problem, locale)}\n`);
      break;
    case 'exists':
      err(`${exists(line)[locale]}\n`);
      break;
    case 'by-hand':
      err(`${byHand(line)[locale]}\n`);
      break;
    case 'busy':
      err(`${busy(file)[locale]}\n`);
      break;
    case 'not-writable':
      err(`${notWritable(file, outcome.code)[locale]}\n`);
  }
  err(`${UNCHANGED[locale]}\n`);
  return EXIT_REFUSED;
};

/** What was written, and what makes it count. */
export const sayWritten = (
  {
    file,
    section,
    line,
    locale,
  }: { readonly file: string; readonly section: string; readonly line: string; readonly locale: Locale },
  out: Write,
): void => {
  out(
    locale === 'zh-CN'
      ? `已写入 ${file} 的 ${section}：\n  ${line}\n网关重新读取后生效（不中断判断）：muster reload -c ${file}，或 systemctl reload muster\n`
      : `Written to ${file} under ${section}:\n  ${line}\nIt counts once the running gateway has read it again, which interrupts nothing: muster reload -c ${file}, or systemctl reload muster\n`,
  );
};
