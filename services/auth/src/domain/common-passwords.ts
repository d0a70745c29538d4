/**
 * The most common passwords of eight and more characters that no rule of `password-policy.ts` catches, from the public
 * lists of leaked ones. In lower case, one after the other.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `password password1 password12 password123 password1234 password12345 password! password1! password123! password01
  passw0rd passw0rd! passw0rd1 p@ssword p@ssw0rd p@ssw0rd1 p@ssw0rd! p@55w0rd pa$$word pa$$w0rd passpass passwort passwort1
  passwort123 password2 password3 password7 password9 password11 password21 password22 password69 password99 password00
  mypassword mypassword1 thepassword newpassword newpassword1 yourpassword changeme1 changeme! changeme123 changeit
  letmein1 letmein! letmein12 letmein123 letmeinnow iloveyou iloveyou! iloveyou1 iloveyou2 iloveyou12 iloveyou123 iloveme1
  ilovegod ilovejesus iloveher iloveyouu loveyou1 lovelove loveme123 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456
  qwertyui qwertyuiop1 qwerty!@ qwerty321 qwertyqwerty qwert123 qwert12345 qwer1234 qwerasdf qweasdzxc qweasd123 qwe123qwe
  qazwsx12 qazwsx123 qazwsxedc qazxsw21 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 q2w3e4r5 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qazxsw2
  1qaz2wsx 1qaz!qaz 2wsx3edc zaq12wsx zaq1zaq1 zaq1xsw2 zaqxswcde !qaz2wsx !qaz1qaz asdf1234 asdf12345 asdfasdf asdfjkl;
  asdfghjkl1 asdfqwer asd123asd asdasd123 zxcvbnm1 zxcvbnm123 zxcv1234 abc12345 abc123456 abc123abc abcd1234 abcd12345
  abcd123456 abcdef12 abcdef123 a1234567 a12345678 a123456789 aa123456 aa12345678 aaa12345 a1b2c3d4 a1b2c3d4e5 1a2b3c4d
  1a2b3c4d5e 1234abcd 12345abc 123456abc 123456qwe 123qweasd 123qwe123 123456aa 123456789a 12345678a 1234567a 1234567q
  12345678q 123456789q 1234qwer 12345qwert 12341234 12344321 123454321 123321123 123123123a 1122334455 11223344 112233445566
  147258369 159357456 159753456 741852963 987654321a 789456123 123698745 147852369 102030405060 10203040 13579246 24681012
  20202020 19841984 19851985 19861986 19871987 19881988 19891989 19901990 19911991 19921992 19931993 19941994 19951995
  administrator administrator1 admin123 admin1234 admin12345 admin123456 adminadmin adminpass adminpassword admin@123
  root1234 rootroot toor1234 user1234 user12345 username username1 guest123 guest1234 test1234 test12345 test123456 testtest
  testing1 testing123 tester123 testpass testpassword demo1234 demodemo default1 default123 welcome1 welcome! welcome12
  welcome123 welcome1234 welcome2 welcome01 welcome@123 hello123 hello1234 hellohello helloworld hello@123 sunshine sunshine1
  sunshine123 princess princess1 princess12 princess123 football football1 football12 football123 baseball baseball1
  basketball basketball1 softball1 soccer12 soccer123 hockey123 superman superman1 superman123 batman123 batman12 spiderman
  spiderman1 ironman123 starwars starwars1 startrek pokemon1 pokemon123 pikachu1 dragon12 dragon123 dragonball dragonball1
  monkey12 monkey123 monkey1234 shadow12 shadow123 master12 master123 master1234 michael1 michael123 michelle michelle1
  jennifer jennifer1 jessica1 jessica123 ashley12 ashley123 amanda123 andrew123 anthony1 daniel12 daniel123 jonathan
  jonathan1 jordan23 jordan123 joshua123 matthew1 nicholas nicholas1 robert123 samantha samantha1 stephanie thomas123
  victoria victoria1 william1 alexander alexander1 alexandra alexandra1 elizabeth elizabeth1 christian christian1 christopher
  charlie1 charlie123 benjamin benjamin1 brandon1 cameron1 caroline catherine chocolate chocolate1 computer computer1
  computer123 corvette creative diamond1 elephant elephant1 einstein eminem123 facebook facebook1 facebook123 fuckyou1
  fuckyou2 fuckyou! fuckyou123 fuckoff1 firebird ferrari1 mercedes mercedes1 porsche911 mustang1 mustang67 harley123 gateway1
  google123 googlegoogle instagram instagram1 internet internet1 killer123 lakers24 liverpool liverpool1 arsenal1 arsenal123
  chelsea1 chelsea123 barcelona barcelona1 realmadrid manchester manunited juventus macintosh manager1 marlboro marseille
  maverick maverick1 mercury1 metallic metallica metallica1 midnight midnight1 minecraft minecraft1 mistress motorola
  napoleon nintendo nirvana1 nothing1 november november1 december december1 september september1 october1 february january1
  summer12 summer123 summer2020 summer2021 summer2022 summer2023 summer2024 summer2025 summer2026 winter12 winter123
  winter2020 winter2021 winter2022 winter2023 winter2024 winter2025 winter2026 spring2024 spring2025 spring2026 autumn2024
  autumn2025 autumn2026 patricia peaches1 peanut12 pepper12 pepper123 phoenix1 platinum player123 please123 precious precious1
  purple12 purple123 raiders1 rainbow1 redskins remember rockstar rockstar1 rush2112 sandiego scorpion scorpion1 secret12
  secret123 secret1234 security security1 server123 simpsons slipknot slipknot1 snowball snowball1 spongebob1 steelers
  steelers1 strawberry sweetheart swordfish sylvester tennis12 tigger12 tigger123 tinkerbell trinity1 trouble1 trustno1
  trustnoone undertaker unicorn1 unicorn123 universe veronica vanessa1 valentina whatever whatever1 wildcats windows1
  windows10 winner123 yankees1 yankees2 yellow12 zxcasdqwe 0987654321q access14 access123 accord99 aezakmi1 alliance alpha123
  america1 angel123 angelina apple123 august12 babygirl babygirl1 badboy12 banana123 bigdaddy blackjack bluebird bonjour1
  bonjour123 azertyuiop azerty12 azerty123 azerty1234 motdepasse motdepasse1 contrase contraseña contrasena contrasena1 senha123
  senha1234 hallo123 hallo1234 hallohallo schatz123 geheim123 passwort! qwertz12 qwertz123 qwertzui qwertzuiop wachtwoord
  wachtwoord1 welkom01 welkom123 parola123 parola1234 kennwort sommer2024 sommer2025 winter01 iloveyou3 tradepost tradepost1
  tradepost123 correcthorsebatterystaple`
    .split(/\s+/)
    .filter((password) => password !== ''),
);
