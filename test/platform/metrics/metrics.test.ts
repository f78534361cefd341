import { expect } from 'chai';
import { createMetrics } from '../../../src/platform/metrics/index.ts';

describe('metrics', () => {
  it('count latencies by method, route and status', async () => {
    const metrics = createMetrics();
    metrics.observe('GET', '/v1/lookup', 200, 0.004);
    metrics.observe('GET', '/v1/lookup', 200, 0.4);
    metrics.observe('GET', '/v1/lookup', 422, 0.4);
    const text = await metrics.render();
    const labels = 'method="GET",route="/v1/lookup"';
    expect(text).to.contain(`http_request_duration_seconds_bucket{le="0.005",${labels},status="200"} 1`);
    expect(text).to.contain(`http_request_duration_seconds_count{${labels},status="200"} 2`);
    expect(text).to.contain(`http_request_duration_seconds_count{${labels},status="422"} 1`);
    expect(text).to.contain('process_cpu_seconds_total');
    expect(metrics.contentType).to.contain('text/plain');
  });

  it('ask gauges anew at each reading, and leave out one that fails', async () => {
    const metrics = createMetrics();
    let depth = 3;
    metrics.gauge('queue_depth', 'Waiting jobs', () => {
      if (depth < 0) throw new Error('away');
      return Promise.resolve(depth);
    });
    metrics.gauge('pending', 'Pending work', () => [{ labels: { kind: 'job' }, value: depth }], ['kind']);
    expect(await metrics.render())
      .to.contain('\nqueue_depth 3\n')
      .and.to.contain('pending{kind="job"} 3');
    depth = -1;
    expect(await metrics.render()).not.to.match(/^queue_depth /m);
    depth = 5;
    expect(await metrics.render()).to.contain('\nqueue_depth 5\n');
  });

  it('count by labels', async () => {
    const metrics = createMetrics();
    const count = metrics.counter('lookups_total', 'Look-ups', ['verdict']);
    count.inc({ verdict: 'stop' });
    count.inc({ verdict: 'stop' }, 2);
    expect(await metrics.render()).to.contain('lookups_total{verdict="stop"} 3');
  });
});
