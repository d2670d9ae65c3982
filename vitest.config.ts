import { defineConfig } from 'vitest/config';

// `bivalent` resolves to the TypeScript source, never to a stale build.
const conditions = ['bivalent-source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{checker,traces,specs,examples,bench}/**/*.test.ts'],
    testTimeout: 180_000,
    // The main process has little to do: a worker for each core, where the default leaves one out.
    maxWorkers: '100%',
  },
});
