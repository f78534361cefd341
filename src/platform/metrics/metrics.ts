import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A value with the labels it belongs to. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
export interface Count {
  /** @param by default 1 */
  inc(labels?: Readonly<Record<string, string>>, by?: number): void;
}
export interface Metrics {
  /** One answered request; `route` is a pattern, so that there are few of them. */
  observe(method: string, route: string, status: number, seconds: number): void;
  /**
   * A gauge that is asked when metrics are read: one number, or samples for its `labels`. Where asking fails, the gauge
   * is left out of that reading.
   */
  gauge(
    name: string,
    help: string,
    collect: () => number | readonly Sample[] | Promise<number | readonly Sample[]>,
    labels?: readonly string[],
  ): void;
  counter(name: string, help: string, labels?: readonly string[]): Count;
  /** Everything, in the text format that `contentType` names. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** Upper bounds in seconds: around the goals for look-ups (50 and 150 ms) and for long filings. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 0.6, 1.5, 5, 30];

/** Prometheus metrics of this process, apart from any other's. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const latency = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first look at a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const children = new Map<string, { observe(seconds: number): void }>();
  return {
    contentType: registry.contentType,
    observe(method, route, status, seconds) {
      const key = `${method} ${status} ${route}`;
      let child = children.get(key);
      if (child === undefined) {
        child = latency.labels(method, route, String(status));
        children.set(key, child);
      }
      child.observe(seconds);
    },
    gauge(name, help, collect, labels = []) {
      const gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
      Object.assign(gauge, { collect: () => refill(gauge, collect, labels.length > 0) });
    },
    counter(name, help, labels = []) {
      const counter = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
      return { inc: (given = {}, by = 1) => counter.inc(given, by) };
    },
    render: () => registry.metrics(),
  };
}

async function refill(
  gauge: Gauge,
  collect: Parameters<Metrics['gauge']>[2],
  isLabelled: boolean,
): Promise<void> {
  if (isLabelled) gauge.reset();
  else gauge.remove();
  let samples: number | readonly Sample[];
  try {
    samples = await collect();
  } catch {
    return;
  }
  if (typeof samples === 'number') gauge.set(samples);
  else for (const { labels, value } of samples) gauge.set(labels, value);
}
