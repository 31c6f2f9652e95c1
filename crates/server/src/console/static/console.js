// What pages do besides htmx. All of them work without it.
"use strict";

// `/` goes to the search, as long as nobody is writing somewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  const search = document.getElementById("find");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// A form that is on its way is not sent a second time.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.matches("[hx-post]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

// A page that comes back from the browser's memory may send again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A button that keeps something sends its form as a whole, and not as a try.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-whole]");
  if (!button) return;
  event.preventDefault();
  const form = button.form;
  form.action = button.getAttribute("formaction");
  HTMLFormElement.prototype.submit.call(form);
});
