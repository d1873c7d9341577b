// Tailwind 4 is a PostCSS plugin; its theme is in the app's style sheet.
export default { plugins: { '@tailwindcss/postcss': {} } };
