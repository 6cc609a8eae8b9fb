import { describe, expect, test } from '@jest/globals';
import { CodedError } from '@meridian/language/coded-error.ts';
import { localSettings } from './local.ts';
import { stackSettings } from './stacks.ts';

const problemsOf = (action: () => unknown): readonly string[] => {
  try {
    action();
  } catch (error) {
    if (error instanceof CodedError) return [error.code, ...error.problems];
    throw error;
  }
  return [];
};

describe('localSettings', () => {
  test('needs nothing to be set', () => {
    expect(localSettings({})).toMatchObject({
      landing: 'local',
      portBase: 17_000,
      edgePort: 8_443,
      leafLifetimeSeconds: 3_600,
      replicas: {},
      standIns: {},
      telemetry: true,
    });
  });

  test('takes what is set', () => {
    expect(
      localSettings({
        ...{ portBase: '20000', edgePort: '20443', replicas: '{"catalog": 6}', telemetry: 'false' },
        postgresArchive: 'true',
      }),
    ).toMatchObject({
      ...{ portBase: 20_000, edgePort: 20_443, replicas: { catalog: 6 }, telemetry: false },
      postgresArchive: true,
    });
  });

  test.each([
    ['portBase', '80', 'a whole number from 1024 to 65504'],
    ['portBase', '65505', 'a whole number from 1024 to 65504'],
    ['portBase', '17000.5', 'a whole number from 1024 to 65504'],
    ['portBase', '0x4000', 'a whole number from 1024 to 65504'],
    ['edgePort', 'https', 'a whole number from 1024 to 65535'],
    ['edgePort', '', 'a whole number from 1024 to 65535'],
    ['leafLifetimeSeconds', '3601', 'a whole number from 60 to 3600'],
    ['rootLifetimeDays', '0', 'a whole number from 1 to 3650'],
    ['passwordGeneration', '1.5', 'a whole number from 1 to 1000000'],
    ['telemetry', 'no', "'true' or 'false'"],
    ['postgresArchive', 'on', "'true' or 'false'"],
    ['auditKeepDays', '89', 'a whole number from 90 to 36500'],
    ['auditKeepDays', '365.5', 'a whole number from 90 to 36500'],
    ['auditKeepDays', 'for ever', 'a whole number from 90 to 36500'],
    ['replicas', '6', 'a JSON object of whole numbers, such as {"catalog": 6}'],
    ['replicas', '{"catalog": "6"}', 'a JSON object of whole numbers, such as {"catalog": 6}'],
    [
      'standIns',
      '{"payment-provider": {"declinePercent": -1}}',
      'a JSON object of objects of whole numbers, such as {"payment-provider": {"declinePercent": 5}}',
    ],
    ['replicas', '{', 'a JSON object of whole numbers, such as {"catalog": 6}'],
  ])('refuses %s = %p', (key, value, allowed) => {
    expect(problemsOf(() => localSettings({ [key]: value }))).toEqual([
      'SETTINGS_INVALID',
      `Setting 'meridian:${key}': must be ${allowed}, got '${value}'; set it in Pulumi.local.yaml (pulumi config set ${key} …)`,
    ]);
  });

  test('refuses a setting that nobody knows', () => {
    const [code, problem] = problemsOf(() => localSettings({ portbase: '20000' }));
    expect(code).toBe('SETTINGS_INVALID');
    expect(problem).toContain(
      "Setting 'meridian:portbase': must be one of 'rootLifetimeDays', 'leafLifetimeSeconds', 'passwordGeneration', 'portBase', 'edgePort', 'replicas', 'standIns', 'telemetry', 'postgresArchive', 'auditKeepDays', got 'portbase'; remove it from Pulumi.local.yaml",
    );
  });

  test('refuses an edge port that is taken by the edge itself', () => {
    const [, problem] = problemsOf(() => localSettings({ portBase: '20000', edgePort: '20003' }));
    expect(problem).toContain("must differ from the edge's admin port");
  });

  test('reports all problems at once', () => {
    const raw = { portBase: '1', edgePort: '1', leafLifetimeSeconds: '1', colour: 'red' };
    expect(problemsOf(() => localSettings(raw))).toHaveLength(5);
  });
});

describe('stackSettings', () => {
  test('knows the local stack', async () => {
    expect(await stackSettings('local', {})).toMatchObject({ environment: 'local' });
  });

  test.each(['production', 'toString'])(
    'refuses the stack %p and names those that there are',
    async (name) => {
      await expect(stackSettings(name, {})).rejects.toThrow(
        `Stack '${name}': must be one of 'local', 'staging', 'prod', got '${name}'; choose one with --stack`,
      );
    },
  );
});
