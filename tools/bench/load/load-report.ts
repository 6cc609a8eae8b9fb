import { table } from '../../meridian/table.ts';
import type { Answers } from './open-loop.ts';
import type { LoadMeasured } from './load.ts';

/** The measured load for people. */
export function loadReport(measured: LoadMeasured): string {
  return [costTable(measured), latencyTable(measured), ...shortfall(measured.answers)].join('\n\n');
}

function costTable({ costs, floorUs, clientUs, answers }: LoadMeasured): string {
  const rows = costs.map(({ name, processes, perRequestUs, ofWhichAtRestUs, ratio }) => [
    name,
    String(processes),
    perRequestUs.toFixed(0),
    ofWhichAtRestUs.toFixed(0),
    ratio.toFixed(1),
  ]);
  const total = costs.reduce((sum, { perRequestUs }) => sum + perRequestUs, 0);
  return table(
    [`CPU OF ${answers.answered} READS`, 'PROCESSES', 'µs A READ', 'OF WHICH AT REST', 'RATIO'],
    [
      ...rows,
      ['total', '', total.toFixed(0), '', (total / floorUs).toFixed(1)],
      ['floor: one bare HTTPS server', '1', floorUs.toFixed(0), '', '1.0'],
      ['the client that asks', '1', clientUs.toFixed(0), '', ''],
    ],
  );
}

function latencyTable({ answers, floorAnswers, ratePerSecond }: LoadMeasured): string {
  return table(
    [`${ratePerSecond} A SECOND`, 'WHOLE PATH ms', 'FLOOR ms', 'RATIO'],
    (['p50', 'p95', 'p99', 'max'] as const).map((of) => [
      of,
      answers.latencyMs[of].toFixed(2),
      floorAnswers.latencyMs[of].toFixed(2),
      (answers.latencyMs[of] / floorAnswers.latencyMs[of]).toFixed(1),
    ]),
  );
}

/** What was not answered as it should; nothing if all was. */
function shortfall({ sent, answered, failures, answeredPerSecond }: Answers): readonly string[] {
  if (answered === sent) return [];
  const reasons = Object.entries(failures).map(([what, count]) => `${what}: ${count}`);
  return [
    `${sent - answered} of ${sent} reads failed (${reasons.join(', ')}); ${answeredPerSecond.toFixed(0)} a second were answered.`,
  ];
}
