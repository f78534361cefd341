export { createQueue } from './queue.ts';
export type { JobCounts, JobQueue, NewJob, QueueOptions } from './queue.ts';
export { createWorker } from './worker.ts';
export type { JobWorker, WorkerOptions } from './worker.ts';
export { createQueueBoard } from './board.ts';
export { lastInstant } from './schedules.ts';
export type { Schedule } from './schedules.ts';
