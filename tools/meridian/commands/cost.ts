import { CodedError } from '@meridian/language/coded-error.ts';
import { costOfSteps } from '../../cost/cost-of-steps.ts';
import { costTable, dollars, refuseUnpriced } from '../../cost/cost-text.ts';
import type { MonthlyCost } from '../../cost/monthly-cost.ts';
import { readPrices } from '../../cost/prices.ts';
import { clusterStack } from '../cluster-stack.ts';
import type { Output } from '../output/schemas.ts';
import { printJson } from '../output/print-json.ts';
import { programFolder } from '../places.ts';
import { lastSteps } from '../rehearsal/last-steps.ts';
import { Rehearsal } from '../rehearsal/rehearsal.ts';
import { rehearsalPrograms } from '../rehearsal/rehearsal-programs.ts';
import type { Settings } from '../stack-config.ts';

/** Options of `npm run cost`. */
export interface CostOptions {
  readonly stack: string;
  readonly config?: Settings;
  readonly json?: boolean;
}

/**
 * Tells what a month of a stack costs by what is paid for, with the source of each price: of its resources as a rehearsal would
 * make them.
 *
 * @throws {CodedError} STACK_WITHOUT_CLOUD, REHEARSAL_REFUSED, PRICES_REGION_MISSING, PRICES_TABLE_DAMAGED, and what clusterStack throws
 */
export async function cost({ stack, config = {}, json = false }: CostOptions): Promise<number> {
  const { settings } = await clusterStack(stack, config);
  if (settings.landing !== 'aws') throw withoutCloud(stack);
  const prices = readPrices();
  const month = costOfSteps(await stepsOf(stack, config), 'new', prices);
  if (month === undefined) throw withoutCloud(stack);
  refuseUnpriced(month);
  if (json) printJson<'cost'>(outputOf(stack, month, prices.gathered));
  else process.stdout.write(costTable(stack, month, prices.gathered));
  return 0;
}

function withoutCloud(stack: string): CodedError {
  return new CodedError(
    'STACK_WITHOUT_CLOUD',
    `Stack '${stack}': must make resources of AWS to have a price, got none; choose another one with --stack`,
  );
}

async function stepsOf(stack: string, settings: Settings): Promise<ReturnType<typeof lastSteps>> {
  const rehearsal = await Rehearsal.create(stack, await rehearsalPrograms());
  try {
    return lastSteps(await rehearsal.run('preview', { folder: programFolder, settings }));
  } finally {
    rehearsal.remove();
  }
}

function outputOf(
  stack: string,
  { region, cents, lines, without }: MonthlyCost,
  gathered: string,
): Output<'cost'> {
  return {
    ...{ stack, region, gathered, monthUsd: plain(cents), isAll: without.length === 0 },
    parts: lines.map(({ what, price, amount, cents: month, resources }) => ({
      ...{ what, price: price.id, amount, unit: price.unit, priceUsd: price.price_usd },
      ...{ monthUsd: plain(month), resources },
      ...{ source: price.source_url, sourceDate: price.source_date },
    })),
    without,
  };
}

function plain(cents: number): string {
  return dollars(cents).replaceAll(/[$,]/g, '');
}
