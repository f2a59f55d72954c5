import { Counter, Registry } from 'prom-client';
import type { Health } from '../contract.ts';
import type { DeviceSight } from '../views/device.ts';
import { takeHealth } from './counted.ts';
import { measureCoverage } from './coverage.ts';
import { type GatewaySight, measureGateway } from './gateway.ts';
import { measureRuntime } from './runtime.ts';

/** The page that Prometheus reads. */
export interface MetricsPage {
  text(): Promise<string>;
  readonly mediaType: string;
  /** A request was answered. */
  answered(route: string, method: string, status: number): void;
  stop(): void;
}

export interface MetricsSight extends GatewaySight, DeviceSight {
  readonly hotPath: GatewaySight['hotPath'] & DeviceSight['hotPath'];
  /** Adds what others measure themselves. */
  readonly measure?: ((registry: Registry) => void) | undefined;
}

/** A registry of its own: what else uses prom-client in the process stays out. */
export const createMetrics = (sight: MetricsSight, health: () => Health): MetricsPage => {
  const registry = new Registry();
  sight.measure?.(registry);
  const runtime = measureRuntime(registry);
  const takeOwn = measureGateway(registry, sight);
  measureCoverage(registry, sight);
  const requests = new Counter({
    name: 'muster_http_requests_total',
    help: 'Answered requests.',
    labelNames: ['route', 'method', 'status'],
    registers: [registry],
  });
  return {
    mediaType: registry.contentType,
    text: () => {
      const now = health();
      takeOwn(now);
      takeHealth(registry, now);
      return registry.metrics();
    },
    answered: (route, method, status) => requests.inc({ route, method, status }),
    stop: runtime.stop,
  };
};
