import { cpSync, mkdirSync, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { ROOT, running } from './service.ts';

/** One line of a Dockerfile; what is continued is joined. */
interface Instruction {
  readonly name: string;
  readonly words: string;
}

export const instructionsOf = (dockerfile: string): readonly Instruction[] =>
  dockerfile
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', words = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
      return { name: name.toUpperCase(), words };
    });

/** An image in the making: a folder that stands for its root. */
export interface Stage {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  /** Within the image. */
  readonly directory: string;
  readonly user: string | undefined;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

const argumentsOf = (words: string): readonly string[] => z.array(z.string()).parse(JSON.parse(words));

const place = ({ root, directory }: Stage, path: string): string =>
  join(root, isAbsolute(path) ? path : join(directory, path));

/** As Docker does it: of a folder its contents are copied, and what ends with a slash is a folder. */
const copy = (stage: Stage, words: string, stages: ReadonlyMap<string, Stage>): void => {
  const [, from, rest = ''] = /^(?:--from=(\S+)\s+)?(.*)$/.exec(words) ?? [];
  const paths = rest.split(/\s+/);
  const to = paths.pop() ?? '';
  const source = from === undefined ? ROOT : stages.get(from)?.root;
  if (source === undefined) throw new Error(`COPY from ${from}: there is no such stage`);
  for (const path of paths) {
    const original = join(source, path);
    const isIntoFolder = to.endsWith('/') && !statSync(original).isDirectory();
    cpSync(original, place(stage, isIntoFolder ? join(to, basename(path)) : to), {
      recursive: true,
      filter: (file) => from !== undefined || !/\/(node_modules|dist)$/.test(file),
    });
  }
};

const run = async (stage: Stage, command: string): Promise<void> => {
  const { exit, output } = running('sh', ['-c', command], {
    cwd: place(stage, '.'),
    env: { ...stage.env, npm_config_prefer_offline: 'true' },
  });
  if ((await exit) !== 0) throw new Error(`RUN ${command}\n${output()}`);
};

const after = async (
  stage: Stage,
  { name, words }: Instruction,
  stages: ReadonlyMap<string, Stage>,
): Promise<Stage> => {
  switch (name) {
    case 'WORKDIR': {
      const next = { ...stage, directory: words };
      mkdirSync(place(next, '.'), { recursive: true });
      return next;
    }
    case 'ENV': {
      const [variable = '', ...value] = words.split('=');
      return { ...stage, env: { ...stage.env, [variable]: value.join('=') } };
    }
    case 'COPY':
      copy(stage, words, stages);
      return stage;
    case 'RUN':
      await run(stage, words);
      return stage;
    case 'USER':
      return { ...stage, user: words };
    case 'ENTRYPOINT':
      return { ...stage, entrypoint: argumentsOf(words) };
    case 'CMD':
      return { ...stage, command: argumentsOf(words) };
    case 'HEALTHCHECK':
      return { ...stage, healthcheck: argumentsOf(words.slice(words.indexOf('CMD ') + 4)) };
    case 'EXPOSE':
      return stage;
    default:
      throw new Error(`${name}: this test does not know what Docker would do`);
  }
};

/** Does what the Dockerfile says, each stage in a folder of `directory`; answers the last. */
export const build = async (dockerfile: string, directory: string): Promise<Stage> => {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  let name = '';
  for (const instruction of instructionsOf(dockerfile)) {
    if (instruction.name === 'FROM') {
      [, name = `stage-${stages.size}`] = / AS (\S+)$/.exec(instruction.words) ?? [];
      const root = join(directory, name);
      mkdirSync(root);
      stage = { root, env: {}, directory: '/', user: undefined, entrypoint: [], command: [], healthcheck: [] };
    } else if (stage === undefined) throw new Error('the first instruction is FROM');
    else stage = await after(stage, instruction, stages);
    stages.set(name, stage);
  }
  if (stage === undefined) throw new Error('an empty Dockerfile');
  return stage;
};

/** A command of the image as it is run outside: paths of the image are paths below its folder. */
export const startIn = (stage: Stage, command: readonly string[]) => {
  const [program = '', ...args] = command.map((word) => (isAbsolute(word) ? place(stage, word) : word));
  return running(program, args, { cwd: place(stage, '.'), env: stage.env });
};
