import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';
import { BUGS } from './world.ts';

/** `node services/orders/simulation/main.ts --seed 17 [--bug 'double capture']` prints the run of a seed. */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, bug: { type: 'string' } },
});
const bug = BUGS.find((each) => each === values.bug);
const run = simulate(Number(values.seed), { ...(bug && { bug }), traces: true });
for (const line of [...run.trace, ...run.violations, run.ends.join(' ')]) console.log(line);
process.exitCode = run.violations.length === 0 ? 0 : 1;
