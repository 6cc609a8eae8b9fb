// Pulumi's engine loads a policy pack by this name; Node.js strips the types of what it imports.
import './pack.ts';
