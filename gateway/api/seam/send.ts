import type { FastifyReply } from 'fastify';
import type { Refusal } from '../problems.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const PROBLEM_TYPE = 'application/problem+json';

/** Answers with a problem; `reply` itself comes back, as fastify wants it of a handler that has answered. */
export const sendRefusal = (reply: FastifyReply, { problem, headers }: Refusal): FastifyReply =>
  reply.code(problem.status).headers(headers).type(PROBLEM_TYPE).send(JSON.stringify(problem));
