import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/* The build is committed and must come out the same anywhere: class names from the style alone, no
 * addresses but relative ones, nothing inline that the content policy would refuse. */
export default defineConfig({
  base: "./",
  plugins: [svelte({ compilerOptions: { cssHash: ({ hash, css }) => `p${hash(css)}` } })],
  worker: { format: "es" },
  build: { target: "es2022", modulePreload: false, assetsInlineLimit: 0, reportCompressedSize: false },
});
