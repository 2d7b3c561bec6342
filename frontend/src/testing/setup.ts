import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// A machine that does much else renders late; what never comes still fails.
configure({ asyncUtilTimeout: 4_000 });
afterEach(cleanup);
