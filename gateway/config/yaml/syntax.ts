import type { ErrorCode } from 'yaml';
import type { Text } from '../../../rules/rule.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

const INDENT = text('缩进不正确，或括号没有闭合', 'wrong indentation, or a bracket that is not closed');
const KEY = text(
  '键必须写在一行内，且短于 1024 个字符',
  'a key must stand on one line and be shorter than 1024 characters',
);

/**
 * What is wrong, in words of our own: those of the YAML library may quote the file, which may hold secrets.
 */
const MESSAGES: Partial<Record<ErrorCode, Text>> = {
  BAD_INDENT: INDENT,
  BAD_ALIAS: text('引用了不存在的锚点', 'an alias of an anchor that does not exist'),
  BAD_DQ_ESCAPE: text('双引号内的转义不正确', 'a wrong escape in double quotes'),
  BAD_DIRECTIVE: text('不支持的 YAML 指令', 'a YAML directive that is not supported'),
  BAD_SCALAR_START: text('该字符开头的文字必须加引号', 'text that starts with this character must be quoted'),
  BLOCK_AS_IMPLICIT_KEY: text('一行内出现了两个冒号，或缩进不正确', 'two colons on one line, or wrong indentation'),
  BLOCK_IN_FLOW: text('括号内不能使用按缩进书写的列表', 'no indented list is allowed inside brackets'),
  KEY_OVER_1024_CHARS: KEY,
  MISSING_CHAR: text(
    '缺少一个字符：冒号后的空格、逗号或引号',
    'a character is missing: a space after a colon, a comma or a quote',
  ),
  MULTILINE_IMPLICIT_KEY: KEY,
  MULTIPLE_DOCS: text('文件中不能有第二个 YAML 文档（---）', 'a second YAML document (---) is not allowed'),
  RESOURCE_EXHAUSTION: text('嵌套过深', 'nested too deeply'),
  TAB_AS_INDENT: text('缩进只能用空格，不能用制表符', 'indent with spaces, not with tabs'),
  TAG_RESOLVE_FAILED: text('不支持的标签', 'a tag that is not supported'),
  UNEXPECTED_TOKEN: text('此处出现了多余的内容', 'something that does not belong here'),
};

/** What a code of the YAML library means for one who edits the file. */
export const syntaxText = (code: ErrorCode): Text => {
  const detail = MESSAGES[code] ?? text(code, code);
  return text(`YAML 语法错误：${detail.zh}`, `YAML syntax error: ${detail.en}`);
};
