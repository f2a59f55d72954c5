import type { MetricsPage } from '../metrics/page.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';

export const metricsRoute = (metrics: MetricsPage): Route =>
  defineRoute({
    method: 'GET',
    path: '/metrics',
    role: 'viewer',
    summary: 'Everything that is counted, for Prometheus',
    request: NO_INPUT,
    answer: { status: 200, description: 'Prometheus text format', mediaType: 'text/plain' },
    handle: async (_input, { reply }) => {
      const text = await metrics.text();
      return reply.type(metrics.mediaType).send(text);
    },
  });
