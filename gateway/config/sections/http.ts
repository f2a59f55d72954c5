import { z } from 'zod';
import { fileSchema, hostSchema, httpUrlSchema, portSchema } from './ids.ts';

const tlsSchema = z
  .strictObject({
    certFile: fileSchema.optional().describe('certificate chain, PEM; absent: the one that muster tls init made'),
    keyFile: fileSchema.optional().describe('private key, PEM; absent: the one that muster tls init made'),
    minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe('oldest version of TLS that is accepted'),
  })
  .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
    params: { zh: 'certFile 与 keyFile 须同时给出，或都不写', en: 'certFile and keyFile together, or neither' },
  });

export const httpSchema = z
  .strictObject({
    host: hostSchema.default('127.0.0.1').describe('address to listen on; beyond this box it takes tls and users'),
    port: portSchema.default(8080).describe('TCP port; 0 takes a free one'),
    url: httpUrlSchema
      .optional()
      .describe('address by which phones at the venue reach this box; links in messages begin with it'),
    tls: tlsSchema.optional().describe('HTTPS; plain HTTP on the same port then only leads to it'),
  })
  .prefault({})
  .describe('console, API, health and metrics');
