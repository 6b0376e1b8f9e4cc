import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run dev` shows the console with a Tern that is up on its usual port.
const target = process.env['TERN'] ?? 'http://127.0.0.1:8080';
// The gateway takes calls from its own pages alone, so the proxy speaks as one of them.
const tern = { target, changeOrigin: true, headers: { origin: target } };

export default defineConfig({
  plugins: [react()],
  // The page's policy allows no inline code, and data: only for pictures.
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 1000 },
  server: { proxy: { '/v1': tern, '/health': tern, '/sdapi': tern } },
});
