import { each, once } from './aspect.ts';
import type { Aspect } from './aspect.ts';
import { ANOTHER_KEY, guard, missed } from './cloud-aspects.ts';

const SILENT = 'nobody is told by it any more';

const told = (field: RegExp): Aspect =>
  each(field, 'alert-loosened', 'it tells of other things, later, or somebody else');

/** What changes of logs, alarms and whom they wake mean. Sources: the API references of each service */
export const SIGHT_KINDS: Readonly<Record<string, readonly Aspect[]>> = {
  'budgets:Budget': [
    told(
      /^(?:limitAmount|limitUnit|timeUnit|budgetType|notifications|costFilters|costTypes|filterExpression)\b/,
    ),
    missed('alert-loosened', SILENT),
  ],
  'cloudtrail:Trail': [
    guard(/^enableLogFileValidation$/, {
      kind: 'trust-changed',
      consequence: 'nobody can show that what is written was not altered',
    }),
    guard(/^(?:enableLogging|includeGlobalServiceEvents|isMultiRegionTrail)$/, {
      kind: 'sight-lost',
      consequence: 'nobody writes down who did what in the account, or in parts of it',
    }),
    each(
      /^(?:eventSelectors|advancedEventSelectors|insightSelectors|s3BucketName|s3KeyPrefix|cloudWatchLogs\w+|snsTopicName)\b/,
      'sight-lost',
      'other things are written down, or elsewhere',
    ),
    each(/^kmsKeyId$/, 'trust-changed', ANOTHER_KEY),
    missed('sight-lost', 'nobody writes down who did what in the account'),
  ],
  'cloudwatch:EventRule': [
    told(/^(?:eventPattern|scheduleExpression|state|isEnabled|eventBusName|roleArn)$/),
    missed('alert-loosened', SILENT),
  ],
  'cloudwatch:EventTarget': [
    told(
      /^(?:arn|rule|input\w*|deadLetterConfig|retryPolicy|targetId|eventBusName|roleArn|\w+Target|runCommandTargets)\b/,
    ),
    missed('alert-loosened', SILENT),
  ],
  'cloudwatch:LogMetricFilter': [
    told(/^(?:pattern|metricTransformation|logGroupName|applyOnTransformedLogs)\b/),
    missed('alert-loosened', 'what counts by it sees nothing any more'),
  ],
  'ec2:FlowLog': [
    each(
      /^(?:trafficType|logFormat|logDestination|logDestinationType|iamRoleArn|maxAggregationInterval|vpcId|subnetId)$/,
      'sight-lost',
      'less of who connects with whom is written down, or elsewhere',
    ),
    missed('sight-lost', 'nobody writes down who connects with whom'),
  ],
  'ecr:RegistryScanningConfiguration': [
    each(/^(?:scanType|rules)\b/, 'sight-lost', 'weaknesses of images are found later, or not'),
    missed('sight-lost', 'weaknesses of images are found later, or not'),
  ],
  'index:NotificationPolicy': [
    told(/^(?:enabled|alertType|alertInterval|filters|mechanisms)\b/),
    each(/^(?:name|description)$/, 'words-changed', 'people read something else'),
    missed('alert-loosened', SILENT),
  ],
  'sns:Topic': [
    once(/^policy\b/, 'trust-changed', 'others may tell by it, or listen', 'who may use it'),
    each(/^kmsMasterKeyId$/, 'trust-changed', ANOTHER_KEY),
    missed('alert-loosened', SILENT),
  ],
  'sns:TopicSubscription': [
    each(
      /^(?:endpoint|protocol|topic)$/,
      'page-rerouted',
      'another is told by it, and who was before is not',
    ),
    told(/^(?:filterPolicy|filterPolicyScope|deliveryPolicy|redrivePolicy|rawMessageDelivery)\b/),
    missed('page-rerouted', SILENT),
  ],
};
