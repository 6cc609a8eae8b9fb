import { CodedError } from '@meridian/language/coded-error.ts';
import { stackNeeds } from '../../doctor/stack-needs.ts';
import type { AwsStack } from '../../doctor/stack-needs.ts';
import { askClouds } from '../../doctor/stack-doctor.ts';
import type { DoctorPlace } from '../../doctor/stack-doctor.ts';
import { doctorReport } from '../../doctor/doctor-report.ts';
import { clusterStack } from '../cluster-stack.ts';
import type { Settings } from '../stack-config.ts';
import { printJson } from '../output/print-json.ts';

/** Which stack is looked at, and how it is told. */
export interface DoctorStackOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/**
 * Asks the clouds of a stack whether it can be deployed; 1 where anything is wrong, 0 where nothing is, though not all could be
 * asked.
 *
 * @throws {CodedError} DOCTOR_OPTION_UNUSABLE, DOCTOR_WITHOUT_CREDENTIALS, and what clusterStack throws
 */
export async function doctorStack(
  { stack, json }: DoctorStackOptions,
  place: DoctorPlace = { environment: process.env },
  given: Settings = {},
): Promise<number> {
  const { settings, lowered } = await clusterStack(stack, given);
  if (settings.landing !== 'aws') {
    throw new CodedError(
      'DOCTOR_OPTION_UNUSABLE',
      `Option '--stack': must be a stack in an account of AWS, got '${stack}'; a cluster is asked when it is deployed to, before anything is made (docs/deploying.md)`,
    );
  }
  // Its table is that of AWS, since its settings are.
  const answers = await askClouds(stackNeeds(settings, lowered as AwsStack), place);
  if (json === true) printJson<'doctor'>({ stack, answers });
  else process.stdout.write(doctorReport(stack, answers));
  return answers.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}
