import { REPORT_MS, type WorkerReport } from './contest';

/** Tells the parent process of a worker's progress, now and every {@link REPORT_MS}. */
export function startReports(read: () => WorkerReport): { readonly stop: () => void } {
  const report = () => process.send?.(read());
  report();
  const timer = setInterval(report, REPORT_MS);
  return {
    stop() {
      clearInterval(timer);
      report();
      process.disconnect();
    },
  };
}
