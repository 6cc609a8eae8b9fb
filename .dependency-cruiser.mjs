/** What only a stack on this machine needs: its landings and its settings. */
export const LOCAL =
  '^components/(local/|[^/]+/local(/|\\.ts$)|service/service-files\\.ts$)|^stacks/local\\.ts$';

/** What only a stack in a cluster needs, also where AWS manages engines. */
export const CLUSTER =
  '^components/(kubernetes/|aws/|[^/]+/(kubernetes|aws)(/|\\.ts$)|service/chart/)|^stacks/(staging|prod|aws-existing-cluster|prod-network|prod-sizes|prod-zones|edge-settings|pods-settings|pins|kafka-nodes)\\.ts$|^infra/(kubeconfig|refuse-undeployable)\\.ts$';

const TESTS = '\\.test\\.ts$|/testing/';

/**
 * Who may import whom (ARCHITECTURE.md). Each rule says why.
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle has no first module to read, and ES modules meet it half initialised.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'language-imports-nothing',
      comment:
        'The program, its providers and the services all speak it; what it imported, all of them would load.',
      severity: 'error',
      from: { path: '^language/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^language/' },
    },
    {
      name: 'model-stands-alone',
      comment:
        'The graph is the vocabulary of everything else; it must be readable and testable without it.',
      severity: 'error',
      from: { path: '^components/model/' },
      to: {
        path: '^(components|infra|providers|services|stacks|tests|tools)/',
        pathNot: '^components/model/',
      },
    },
    {
      name: 'components-know-no-service',
      comment:
        'A component lands any service; what this platform consists of is said in infra/ alone.',
      severity: 'error',
      from: { path: '^components/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^(infra|services|stacks|tests|tools)/' },
    },
    {
      name: 'components-see-resources-only',
      comment:
        "A landing declares resources and their specs; agents, keys and databases are the provider's business.",
      severity: 'error',
      from: { path: '^components/', pathNot: '\\.test\\.ts$|/testing/' },
      to: {
        path: '^providers/local/',
        pathNot: '^providers/local/(resources/|process-spec\\.ts$)',
      },
    },
    {
      name: 'clusters-load-nothing-local',
      comment:
        'What a stack in a cluster loads must not grow with what this machine needs, nor the other way round; it holds for types too, which would tie their changes together.',
      severity: 'error',
      from: { path: CLUSTER, pathNot: TESTS },
      to: { path: `${LOCAL}|^providers/(?!postgres/|cluster/resources/)`, reachable: true },
    },
    {
      name: 'this-machine-loads-no-cluster',
      comment: 'The libraries of Kubernetes are most of what a stack in a cluster loads.',
      severity: 'error',
      from: { path: LOCAL, pathNot: TESTS },
      to: {
        path: `${CLUSTER}|^providers/rehearsal/|node_modules/(@pulumi/kubernetes|cdk8s)`,
        reachable: true,
      },
    },
    {
      name: 'components-know-no-landing',
      comment: 'What a program declares is the same everywhere; a table says how it is made real.',
      severity: 'error',
      from: {
        path: '^components/([^/]+)/\\1\\.ts$|^components/[^/]+\\.ts$',
        pathNot: `${TESTS}|^components/landings\\.ts$`,
      },
      to: { path: `${LOCAL}|${CLUSTER}|^providers/`, reachable: true },
    },
    {
      name: 'providers-know-no-platform',
      comment:
        'The provider would work for any program; it has no noun of ours but its own resources. How a test draws a character is no noun.',
      severity: 'error',
      from: { path: '^providers/' },
      to: {
        path: '^(components|infra|jobs|services|stacks|tests|tools)/',
        pathNot: '^tests/code-point\\.ts$',
      },
    },
    {
      name: 'policies-judge-any-stack',
      comment:
        'A rule looks at objects as they are given to a provider; what it imported of the program would judge itself.',
      severity: 'error',
      from: { path: '^policies/', pathNot: TESTS },
      to: { path: '^(components|infra|jobs|language|providers|services|stacks|tests|tools)/' },
    },
    {
      name: 'jobs-ship-without-infrastructure',
      comment:
        'A Job runs in an image of its own, with what it is told and nothing of the program that declared it; what the errors of PostgreSQL mean is said once, in the kit.',
      severity: 'error',
      from: { path: '^jobs/', pathNot: '\\.test\\.ts$|/testing/' },
      to: {
        path: '^(components|infra|providers|services|stacks|tests|tools)/',
        pathNot: '^providers/postgres/|^services/kit/postgres/database-trouble\\.ts$',
      },
    },
    {
      name: 'components-know-orders-of-jobs',
      comment: 'A landing writes what a Job is told; the code that does it runs in the cluster.',
      severity: 'error',
      from: { path: '^components/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^jobs/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'declarations-stay-inert',
      comment: 'Pulumi evaluates declarations; no code of a running service may come with them.',
      severity: 'error',
      from: {
        path: '^services/[^/]+/(access|service|topics)\\.ts$|^services/[^/]+/[^/]+/task\\.ts$',
      },
      to: {
        path: '^(components|services|infra|jobs|providers|stacks|tools|tests)/',
        pathNot:
          '^components/model/|^services/[^/]+/(contract/|access\\.ts$|service\\.ts$|topics\\.ts$)',
      },
    },
    {
      name: 'services-run-without-infrastructure',
      comment:
        "A service's code runs the same on every landing and ships without Pulumi; declarations are types to it. A generator is not code of a running service.",
      severity: 'error',
      from: {
        path: '^services/',
        pathNot:
          '^services/[^/]+/service\\.ts$|^services/[^/]+/[^/]+/(task|generate)\\.ts$|\\.test\\.ts$|/testing/',
      },
      to: {
        path: '^(components|infra|jobs|providers|stacks|tests|tools)/|^services/[^/]+/service\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'services-meet-by-contract',
      comment: "Services share contracts and the kit, never each other's code.",
      severity: 'error',
      from: { path: '^services/([^/]+)/', pathNot: '^services/[^/]+/simulation/' },
      to: {
        path: '^services/',
        pathNot:
          '^services/$1/|^services/kit/|^services/[^/]+/(contract/|service\\.ts$|topics\\.ts$)',
      },
    },
    {
      name: 'simulations-have-models-for-peers',
      comment:
        'A simulation has pure models of other services for peers, and those services are held against the same models; nothing that runs imports a simulation.',
      severity: 'error',
      from: { path: '^services/([^/]+)/simulation/' },
      to: {
        path: '^services/',
        pathNot:
          '^services/$1/|^services/kit/|^services/[^/]+/(contract/|service\\.ts$|topics\\.ts$|[a-z-]+-(model|machine|state)\\.ts$)',
      },
    },
    {
      name: 'nothing-imports-simulations',
      comment: 'What runs knows nothing of its simulation.',
      severity: 'error',
      from: {
        path: '^(components|infra|jobs|language|providers|services|stacks|tools)/',
        pathNot: '^services/[^/]+/simulation/|\\.test\\.ts$',
      },
      to: { path: '^services/[^/]+/simulation/' },
    },
    {
      name: 'kit-knows-no-service',
      comment: 'The runtime is shared; knowing one service would tie all of them to it.',
      severity: 'error',
      from: { path: '^services/kit/' },
      to: { path: '^services/', pathNot: '^services/kit/' },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'Tests look at the program and its tools from outside.',
      severity: 'error',
      from: {
        path: '^(components|infra|jobs|providers|services|stacks|tools)/',
        pathNot: '\\.test\\.ts$|/testing/',
      },
      to: { path: '^tests/' },
    },
    {
      name: 'verifier-stands-alone',
      comment:
        'Who checks the log must not share its mistakes, nor need anything of the platform; it runs on any machine with Node.js.',
      severity: 'error',
      from: { path: '^verifier/', pathNot: TESTS },
      to: {
        pathNot:
          '^verifier/|^(node:)?(crypto|fs|fs/promises|module|path|timers/promises|url|util)$',
      },
    },
    {
      name: 'log-and-verifier-share-no-code',
      comment:
        'A mistake in shared code would be one that both make, and no check would see it; tests may hold one against the other.',
      severity: 'error',
      // The tasks that verify are clients of the service, and none of its code.
      from: {
        path: '^services/(?!audit/(verification|archive)/)',
        pathNot: '\\.test\\.ts$|/testing/',
      },
      to: { path: '^verifier/' },
    },
    {
      name: 'verification-imports-no-log',
      comment: 'It asks the service as anybody does, and believes nothing of it.',
      severity: 'error',
      from: { path: '^services/audit/(verification|archive)/' },
      to: { path: '^services/audit/(?!verification/|archive/|contract/|service\\.ts)' },
    },
    {
      name: 'console-page-runs-in-a-browser',
      comment:
        'What the page imports of the server are types: its code asks for files, keys and sockets.',
      severity: 'error',
      from: { path: '^tools/console/page/' },
      to: {
        path: '^(components|infra|jobs|language|providers|services|stacks|tools|verifier)/|^node:',
        pathNot: '^tools/console/page/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'program-imports-no-tools',
      comment: 'The program runs under plain Pulumi, without the meridian command.',
      severity: 'error',
      from: { path: '^(components|infra|jobs|providers|services|stacks)/' },
      to: { path: '^tools/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/gen/.*\\.js$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
