import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { AlarmView } from '../../../gateway/api/contract.ts';
import { openApiDocument } from '../../../gateway/api/openapi/document.ts';
import { problemsOf } from '../../../gateway/api/openapi/operation.ts';
import { PROBLEMS } from '../../../gateway/api/problems.ts';
import { alarmSchema } from '../../../gateway/api/schemas/alarms.ts';
import { defineRoute, NO_INPUT, type Route } from '../../../gateway/api/seam/route.ts';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import { start } from '../fixture.ts';
import { ask } from './ask.ts';
import { stage } from './stage.ts';

const operationSchema = z.object({
  operationId: z.string(),
  summary: z.string().min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(
    z.object({ name: z.string(), in: z.enum(['path', 'query']), required: z.boolean(), schema: z.looseObject({}) }),
  ),
  requestBody: z.object({ content: z.record(z.string(), z.looseObject({})) }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string().min(1) })),
});

const documentSchema = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({
    schemas: z.record(z.string(), z.looseObject({})),
    securitySchemes: z.record(z.string(), z.looseObject({})),
  }),
});

const described = async (): Promise<{ readonly text: string; readonly document: z.output<typeof documentSchema> }> => {
  const app = await start('security: { anonymous: loopback }');
  try {
    const { text } = await ask(app.http.port, '/api/v1/openapi.json');
    return { text, document: documentSchema.parse(JSON.parse(text)) };
  } finally {
    await app.stop();
  }
};

describe('what the API says of itself', () => {
  test('describes every route, with what it takes and all that it may refuse', async () => {
    const { document } = await described();
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(operations).toEqual(
      expect.arrayContaining([
        'get /healthz',
        'get /readyz',
        'get /metrics',
        'get /api/v1/alarms',
        'post /api/v1/alarms/{id}/ack',
        'post /api/v1/zones/{id}/count',
        'get /api/v1/zones',
        'get /api/v1/devices',
        'get /api/v1/coverage',
        'get /api/v1/history',
        'get /api/v1/rules',
        'get /api/v1/rejected',
        'get /api/v1/stream',
        'post /api/v1/ingest',
        'get /api/v1/session',
        'get /api/v1/venue',
        'get /api/v1/openapi.json',
      ]),
    );
    const history = document.paths['/api/v1/history']?.get;
    expect(history?.parameters.map(({ name, required }) => [name, required])).toEqual([
      ['device', true],
      ['channel', false],
      ['metric', true],
      ['from', false],
      ['to', false],
      ['step', false],
      ['limit', false],
    ]);
    expect(Object.keys(history?.responses ?? {})).toEqual(['200', '400', '401', '404', '421', '500', '503']);
    expect(document.paths['/api/v1/ingest']?.post?.security).toEqual([{ device: [] }]);
  });

  test('every pointer in it leads somewhere, and no name stands twice', async () => {
    const { text, document } = await described();
    const pointed = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name));
    expect(pointed.size).toBeGreaterThan(5);
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...pointed]));
    expect(text).not.toContain('#/$defs');
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((each) => each.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('every problem that there is belongs to some route, or to requests that never come to one', async () => {
    const seen = new Set<string>();
    const { document } = await described();
    for (const methods of Object.values(document.paths)) {
      for (const { responses } of Object.values(methods)) {
        for (const { description } of Object.values(responses)) {
          for (const [, code] of description.matchAll(/(?:^|; )([a-z-]+): /g)) seen.add(code ?? '');
        }
      }
    }
    const never = Object.keys(PROBLEMS).filter((code) => !seen.has(code));
    // Logging in needs a data directory, which this gateway does without.
    // Links to acknowledge are pages of a message, not part of the API.
    const ofLinks = (code: string): boolean => code.startsWith('link-') || code === 'already-acknowledged';
    expect(never.filter((code) => !ofLinks(code))).toEqual([
      'wrong-password',
      'account-locked',
      'not-found',
      'wrong-method',
      'headers-too-large',
    ]);
  });

  test('routes of others are described and guarded like its own', async () => {
    const knock: Route = defineRoute({
      method: 'POST',
      path: '/api/v1/doors/{door}',
      role: 'guard',
      summary: 'Knocks',
      request: { ...NO_INPUT, params: z.strictObject({ door: z.enum(['front', 'back']) }) },
      answer: { status: 204, description: 'knocked' },
      problems: ['too-busy'],
      handle: () => undefined,
    });
    const on = await stage('', { routes: [knock] });
    expect((await on.ask('/api/v1/doors/back', { method: 'POST' })).status).toBe(204);
    expect((await on.ask('/api/v1/doors/side', { method: 'POST' })).status).toBe(400);
    expect((await on.ask('/api/v1/doors/back')).headers.allow).toBe('POST');
    const { paths } = documentSchema.parse(openApiDocument([knock]));
    expect(paths['/api/v1/doors/{door}']?.post?.parameters[0]).toMatchObject({
      name: 'door',
      in: 'path',
      required: true,
    });
    expect(problemsOf(knock)).toEqual(
      expect.arrayContaining(['log-in-needed', 'wrong-role', 'wrong-origin', 'too-busy']),
    );
  });
});

describe('the contract', () => {
  test('is types alone: a page that imports it gets not a byte', () => {
    const file = new URL('../../../gateway/api/contract.ts', import.meta.url);
    const { program } = parseSync('contract.ts', readFileSync(file, 'utf8'));
    const kinds = program.body.map((statement) => {
      if (statement.type === 'ImportDeclaration') return `import ${statement.importKind}`;
      if (statement.type === 'ExportNamedDeclaration') return `export ${statement.exportKind}`;
      return statement.type;
    });
    expect(new Set(kinds)).toEqual(new Set(['import type', 'export type', 'TSTypeAliasDeclaration']));
  });

  test('an alarm of the desk is an alarm of the contract, and the other way round', () => {
    const toContract = (alarm: Alarm): AlarmView => alarm;
    const toDesk = (alarm: AlarmView): Alarm => alarm;
    expect([toContract, toDesk]).toHaveLength(2);
    expect(Object.keys(alarmSchema.shape)).toHaveLength(23);
  });
});
