/** True under `FAULTS=long`: the suite then goes over more depths, lanes and endpoints than a CI run has time for. */
export const isLongForm = process.env['FAULTS'] === 'long';
