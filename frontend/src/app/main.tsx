import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { shareSession } from '@/shared/session/tabs';
import { App } from './App';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
shareSession();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
