/** As test/bench/fairness/reports.ts, which is not compiled for here. */
exports.startReports = function startReports(read, everyMs) {
  const report = () => process.send({ ended: read(), begun: [] });
  report();
  const timer = setInterval(report, everyMs);
  return () => {
    clearInterval(timer);
    report();
    process.disconnect();
  };
};
