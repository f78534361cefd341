export { createMetrics, type Count, type Metrics, type Sample } from './metrics.ts';
