import { getStack, RunError, runtime } from '@pulumi/pulumi';
import { CodedError } from '@meridian/language/coded-error.ts';
import { declareAlarms } from './alarms.ts';
import { declareImageRepositories } from './image-repositories.ts';
import { bootstrapNames } from './names.ts';
import { declareRoles } from './roles.ts';
import { bootstrapSettings } from './settings.ts';
import type { BootstrapSettings } from './settings.ts';
import { declareState } from './state.ts';

const settings = read();
const records = declareState(settings);
declareRoles(settings);
declareAlarms(settings, records);
declareImageRepositories(settings);

const names = bootstrapNames(settings);

/** What `pulumi login` takes for the platform. */
export const stateUrl = `s3://${names.state}?region=${settings.region}`;

/** What the setting `registry` of the platform takes, where images are in the account. */
export const registry = `${settings.account}.dkr.ecr.${settings.region}.amazonaws.com/${names.images}`;

/** What `pulumi stack init --secrets-provider` takes. */
export const secretsProvider = `awskms://${names.stateKey}?region=${settings.region}`;

function read(): BootstrapSettings {
  try {
    return bootstrapSettings(getStack(), runtime.allConfig());
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause;
    throw new RunError(`${cause.code}: ${cause.message}`);
  }
}
