// A mailbox: what is asked for depends on how one signs in.
const text = (ru, uk, en) => ({ ru, uk, en });
const same = (word) => text(word, word, word);
const NO_HELP = same("");
const field = (key, kind, label, more = {}) => ({
  key,
  kind,
  required: true,
  default: null,
  placeholder: null,
  label,
  help: NO_HELP,
  ...more,
});
const signIn = (...is) => ({ shown_when: { setting: "sign_in", is } });

const HOST = field("imap_host", "text", text("Сервер IMAP", "Сервер IMAP", "IMAP server"), {
  placeholder: "imap.example.org",
});
const SIGN_IN = [
  field("username", "text", text("Имя для входа", "Ім’я для входу", "Login"), { placeholder: "info@example.org" }),
  field("sign_in", "choice", text("Вход", "Вхід", "Sign-in"), {
    required: false,
    default: "password",
    choices: [
      ["password", text("Пароль", "Пароль", "Password")],
      ["google", same("Google")],
      ["other", text("Другая служба (OAuth 2)", "Інша служба (OAuth 2)", "Another provider (OAuth 2)")],
    ],
  }),
  field("password", "secret", text("Пароль", "Пароль", "Password"), signIn("password")),
  field("access_token", "secret", text("Доступ через согласие", "Доступ через згоду", "Access by consent"), {
    ...signIn("google", "other"),
  }),
  field("authorize_url", "url", text("Страница согласия", "Сторінка згоди", "Page of consent"), signIn("other")),
  field("token_url", "url", text("Адрес для токенов", "Адреса для токенів", "Address for tokens"), signIn("other")),
];

export const MAIL = {
  name: "mail",
  title: text("Электронная почта", "Електронна пошта", "E-mail"),
  summary: text("Письма в почтовый ящик.", "Листи до поштової скриньки.", "Letters to a mailbox."),
  mode: "poll",
  capabilities: { keyword_listen: false, account_listen: true, backfill: true, delete_events: false, metrics: false },
  settings: [
    HOST,
    ...SIGN_IN,
    field("mailbox", "text", text("Папка", "Папка", "Mailbox"), { required: false, default: "INBOX" }),
  ],
  reply_settings: [...SIGN_IN, field("smtp_host", "text", text("Сервер SMTP", "Сервер SMTP", "SMTP server")), HOST],
  oauth: {
    listen: true,
    reply: true,
    token_key: "access_token",
    instead: ["password"],
    servers: [],
    client: "network",
    console: null,
    steps: null,
    needs_secret: false,
  },
};
