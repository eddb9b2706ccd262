//! What English speakers say about the companies.

use crate::words::Rules;

#[rustfmt::skip]
pub(crate) const RULES: Rules = &[
    ("plan", &["Orbit", "Inner Circle", "Maximum", "No Borders", "Home 300", "Quiet Hour"]),
    ("spot", &[
        "on the metro", "in the lift", "at home by the window", "downtown", "at work", "on the motorway", "in the mall", "in my kitchen",
    ]),
    ("net", &["internet", "signal", "mobile data", "home broadband", "wifi"]),
    ("t_dead", &["is down", "is crawling", "drops every hour", "comes and goes", "takes a minute to load a picture"]),
    ("telecom.complaint", &[
        "{t_short}", "{t_short}", "{t_core}.", "{t_core}. {anger}", "{t_core}, {wait}.", "{t_core}. {wait}. {anger}", "{b.nom}, {t_ask}",
        "{t_story}", "{anger} {t_core}.",
    ]),
    ("t_short", &[
        "{b.nom} is down again", "{b.nom}, are you alive?", "{b.nom} signal is a lottery", "oh {b.nom}, never change. Actually do",
        "{#1-9} mbit in this century. Thanks, {b.nom}", "who designed {b.nom} support?", "day {#2-9} without {b.nom} internet",
    ]),
    ("t_core", &[
        "{b.nom} {net} {t_dead} {spot}, again", "{b.nom} billed me {sum} although my {plan} plan is half that",
        "can't get through to {b.nom} for {span}", "the {b.nom} app crashes on login after the update",
        "the {b.nom} engineer was due <yesterday|between 10 and 2|on Monday>, no call, no engineer",
        "{b.nom} roaming switched itself on, minus {sum}", "{b.nom} texts arrive an hour late and the code has expired",
        "{b.nom} ping in the evening is {#180-640}, forget gaming", "contract says {#100-500} megabits, {b.nom} delivers {#2-18}",
        "porting my number to {b.nom} has been stuck for {#2-9} days", "{b.nom} took {sum} for a 'useful subscription' I never ordered",
        "{b.nom} raised the {plan} plan by {sum} and told me afterwards",
    ]),
    ("t_ask", &[
        "when will there be decent coverage {spot}?", "why am I paying {sum} for two bars?", "anybody home? {span} without service.",
        "please return the {sum} you took for nothing.", "why three identical texts a day?",
    ]),
    ("t_story", &[
        "Ordered home broadband from {b.nom}. They promised {#2-3} days. First the engineer had the wrong address, then they were out of cable, then the order vanished. {span} on a phone hotspot. {anger}",
        "The story of one call to {b.nom}. {#5-15} minutes of music, a polite person suggests restarting the router. Restarted. Nothing. Music again. Third round: {wait}.\n\nTwo hours of my life and the {net} still {t_dead}.",
        "Loyal {b.nom} customer for {#4-9} years. Put up with price rises and spam. Then a week without coverage and 'everything is fine on our side'. {anger}",
    ]),
    ("telecom.question", &["{hello}, {tq}? {whoknows}", "{tq}?", "{hello}: {tq}?", "{tq}? {whoknows}"]),
    ("tq", &[
        "how do I turn off paid subscriptions at {b.nom}", "does {b.nom} work {spot}", "how long does porting a number to {b.nom} take",
        "does {b.nom} offer eSIM for visitors", "how do you reach a human at {b.nom}", "is {b.nom} home internet any good {c.in}",
        "which {b.nom} plan is best for a tablet", "what is {b.nom} roaming like in Turkey",
        "why does {b.nom} want my passport for a new sim", "can I use my own router with {b.nom}",
        "is the {b.nom} unlimited plan really unlimited",
    ]),
    ("telecom.praise", &[
        "{tp}.", "{tp}. {joy}", "{joy} {tp}.", "this is why I stay with {b.nom}: {tp_why}",
        "rarely say this, but well done {b.nom}: {tp_why}",
    ]),
    ("tp", &[
        "{b.nom} internet flies even {spot}", "the {b.nom} engineer came early and was done in {#15-50} minutes",
        "{b.nom} support answered in {#2-4} minutes and refunded me", "{b.nom} has signal where the others are silent",
        "{#2-9} years with {b.nom}, not one outage", "switched to {b.nom}, paying half",
    ]),
    ("tp_why", &[
        "number ported in a day", "a human in the chat, not a bot", "{sum} back, no arguing", "{#180-900} mbit over wifi",
        "roaming off with one tap",
    ]),
    ("telecom.advert", &[
        "The {plan} plan by {b.nom}: {#10-60} GB, unlimited messengers, {#300-900} minutes for €{#8-25} a month. Join: {link}",
        "Bring your number to {b.nom} this week and get <a free month|double data|{#20-50}% off> 💙 {link}",
        "Roaming made simple: €{#2-5} a day, everything included. Pick a country in the {b.nom} app ✈️",
    ]),
    ("telecom.purchase", &[
        "{hello}, thinking of getting {b.nom} <at home|for work|for my kid>. {whoknows}",
        "choosing between {b.nom} and {o.nom}. {c.nom}, need stable video calls. {whoknows}",
        "want to switch to {b.nom}, which plan is best right now?", "need a second sim, leaning towards {b.nom}", "{b.nom} or {o.nom}?",
        "signing up for {b.nom} tomorrow, talk me out of it",
    ]),
    ("telecom.churn", &[
        "that's it, leaving {b.nom}. {anger}", "just requested porting from {b.nom} to {o.nom}. {anger}",
        "if it's not fixed tomorrow I'm moving to {o.nom}", "goodbye {b.nom}, it's been {#2-9} years", "{t_core}. Last straw, cancelling.",
        "anyone moved from {b.nom} to {o.nom}? I'm ready",
    ]),
    ("telecom.help", &[
        "{hello}, anyone on {b.nom}: do calls go through?", "someone with {b.nom} please ring me, can't tell if my phone works",
        "can somebody top up my {b.nom} with {sum}? Paying back tonight", "help me set up a {b.nom} router, I pay in cake",
    ]),
    ("telecom.nameless", &[
        "internet {t_dead} again", "no signal {spot} again", "what exactly am I paying my provider for",
        "my provider decided I don't need internet tonight", "call dropped in the middle of a job interview. Lovely",
        "my carrier, no names, took {sum}. {anger}",
    ]),
    ("bank.complaint", &[
        "{bk}.", "{bk}. {anger}", "{bk}, {wait}.", "{bk}. {wait}. {anger}", "{b.nom}, where is my money?", "{anger} {bk}.",
        "Wanted to repay my loan early at {b.nom}. Chat says one thing, the branch another, the phone line a third. Somehow I lost {sum}. {anger}",
    ]),
    ("bk", &[
        "{b.nom} blocked my card right at the till", "a transfer from {b.nom} is taking {span}",
        "{b.nom} sneaked insurance worth {sum} into my loan", "the {b.nom} app shows a white screen",
        "queued at {b.nom} for {span} to hear 'app only'", "{b.nom} cashback never arrived", "a {b.nom} ATM {c.in} swallowed {sum}",
        "{b.nom} charged {sum} for a 'free' card",
    ]),
    ("bank.question", &["{hello}, {bq}? {whoknows}", "{bq}?", "{bq}? {whoknows}"]),
    ("bq", &[
        "what is the fee at {b.nom} for a foreign transfer", "can I close a {b.nom} card from the app",
        "does {b.nom} open accounts for non-residents", "where do I get an income statement at {b.nom}", "does a {b.nom} card work abroad",
        "how do I change my phone number at {b.nom} without the old sim",
    ]),
    ("bank.praise", &["{bp}.", "{bp}. {joy}", "{joy} {bp}."]),
    ("bp", &[
        "{b.nom} approved the mortgage in {#2-4} days", "{b.nom} reversed a bad charge within a day",
        "{b.nom} paid {sum} cashback this month", "the {b.nom} app is a model for the rest", "{b.nom} caught a scam before I did",
    ]),
    ("bank.advert", &[
        "Castling deposit at {b.nom}: up to {#4-9}% a year, top up any time: {link}",
        "{b.nom} credit card: {#60-120} days interest free and {#3-10}% back in cafés. Make the first move ♟ {link}",
    ]),
    ("bank.purchase", &[
        "thinking of opening an account at {b.nom}. {whoknows}", "need a credit card with a long grace period, is {b.nom} any good?",
        "recommend a travel card. {b.nom} or something better?", "opening a business account, {b.nom} looks cheap. {whoknows}",
    ]),
    ("bank.churn", &[
        "closing all my {b.nom} cards. {anger}", "moving my salary away from {b.nom}. {bk}.", "where to go from {b.nom}? Had enough",
    ]),
    ("bank.help", &[
        "{hello}, if you have a {b.nom} card, do transfers work?", "can someone lend me {sum}? {b.nom} blocked my card and I'm in the shop",
        "anyone near a {b.nom} ATM, is it giving cash?",
    ]),
    ("bank.nameless", &[
        "my bank blocked my card and I'm blushing at the till", "my bank invented a new fee for thin air",
        "bank called four times today with a loan I don't want", "{wait}. A bank, no names",
    ]),
    ("shop.complaint", &[
        "{sk}.", "{sk}. {anger}", "{sk}, {wait}.", "{sk}. {wait}. {anger}", "{b.nom}, where is my order?",
        "never order anything from {b.nom}", "{anger} {sk}.",
    ]),
    ("sk", &[
        "ordered {g.acc} from {b.nom}, <it arrived broken|got something else entirely|waiting {span}, status 'on its way'|order cancelled, money not returned>",
        "the {b.nom} courier <left the parcel outside|went to the wrong door|came at eleven at night>",
        "{b.nom} moved the delivery for the third time", "returning anything to {b.nom} is a quest",
        "{b.nom} has been sitting on my refund for {span}", "{b.nom} rejected my review, too honest I guess",
    ]),
    ("shop.question", &["{hello}, {sq}? {whoknows}", "{sq}?", "{sq}? {whoknows}"]),
    ("sq", &[
        "how long is {b.nom} delivery {c.in}", "how do I return something to {b.nom} without the box", "is {b.nom} open on holidays",
        "can you pay {b.nom} on delivery", "where did my {b.nom} points go", "how long does {b.nom} keep a parcel",
    ]),
    ("shop.praise", &["{sp}.", "{sp}. {joy}", "{joy} {sp}."]),
    ("sp", &[
        "{b.nom} delivered {#2-4} days early", "got {g.acc} from {b.nom} at half price", "{b.nom} refunded me in an hour, no questions",
        "{b.nom} courier carried my {g.nom} up five floors, no lift",
    ]),
    ("shop.advert", &[
        "Sale at {b.nom}! Up to {#30-80}% off thousands of things, {#2-5} days only: {link}",
        "{b.nom}: free delivery {c.in} from €{#20-60}. Code TIME{#10-99} 🎁 {link}",
    ]),
    ("shop.purchase", &[
        "want to get {g.acc} from {b.nom}. {whoknows}", "looking for {g.acc} under {sum}, {b.nom} seems cheap. {whoknows}",
        "waiting for the {b.nom} sale, I want {g.acc}",
    ]),
    ("shop.churn", &[
        "deleted the {b.nom} app. {anger}", "never ordering from {b.nom} again. {sk}.", "{b.nom}, you lost a regular. {wait}.",
    ]),
    ("shop.help", &[
        "{hello}, anyone with a spare {b.nom} promo code?", "{friend} can't log in to {b.nom}, please help",
        "going past the {b.nom} pickup point? Please grab my parcel, I have a fever",
    ]),
    ("shop.nameless", &[
        "the courier never came. Waited all day", "order cancelled silently, money 'within {#5-30} days'. {anger}",
        "my parcel has spent {span} in sorting, the warehouse is next door",
    ]),
    ("o_where", &["downtown", "the suburbs", "near the station", "the whole street", "north side"]),
    ("o_dead", &["no calls, no data", "zero bars", "emergency calls only", "no service"]),
    ("outage.first", &["{c.nom}, anyone else lost {b.nom}? {o_dead}, {o_where}"]),
    ("outage.channel", &["❗️{c.nom}: mass outage at {b.nom}\n\n{o_dead}: {o_where}, {o_where}. Tell us in the comments."]),
    ("outage.official", &[
        "Dear customers, a backbone line {c.in} has failed. {b.nom} engineers are on it, estimated repair time {#2-5} hours. We apologise.",
    ]),
    ("outage.news", &[
        "{c.nom} left without {b.nom} service\nCustomers from several districts report the failure. The company confirmed it and promises repair within {#2-6} hours.",
    ]),
    ("outage.comment", &["so it's not my phone", "confirmed, {o_where} too"]),
    ("outage.answer", &["same, {o_where}", "works for me over wifi", "+1"]),
    ("outage.witness", &["{b.nom} down {c.in}?", "{o_dead}. {b.nom}, hello? {c.nom}, {o_where}"]),
    ("outage.after", &["{b.nom} is back {c.in}", "service returned, {o_where}"]),
];
