/* global window, document */
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.effectiveDirective));
document.documentElement.dataset.ready = 'true';
