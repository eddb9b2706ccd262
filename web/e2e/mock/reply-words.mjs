// What the networks of the mock say of replies.

/** In the three languages of its readers. */
export const WORDS = {
  read_only: {
    ru: "ленту можно только читать: отвечают на её сайте",
    uk: "стрічку можна лише читати: відповідають на її сайті",
    en: "a feed can only be read: it is answered on its site",
  },
  other_server: {
    ru: "аккаунт на другом сервере, а пост виден только своим",
    uk: "акаунт на іншому сервері, а допис бачать лише свої",
    en: "the account is on another server, and the post is for its own people",
  },
  refused: {
    ru: "автор закрыл комментарии",
    uk: "автор закрив коментарі",
    en: "the author has closed the comments",
  },
  refusedAdvice: {
    ru: "напишите автору в личные сообщения или оставьте как есть",
    uk: "напишіть авторові в приватні повідомлення або лишіть як є",
    en: "write to the author in private or leave it",
  },
  later: { ru: "сервер просит подождать", uk: "сервер просить зачекати", en: "the server asks to wait" },
  token: { ru: "сервер не принял токен", uk: "сервер не прийняв токен", en: "the server did not accept the token" },
  tokenAdvice: {
    ru: "скопируйте токен ещё раз, целиком",
    uk: "скопіюйте токен ще раз, цілком",
    en: "copy the token again, the whole of it",
  },
  expired: {
    ru: "срок действия токена истёк",
    uk: "строк дії токена минув",
    en: "the token has ended",
  },
};
