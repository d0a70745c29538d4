-- Words that mean the same in searches, kept by operators: each row is a group of words or short phrases.
create table search_synonym (
  id      uuid primary key,
  terms   text[] not null check (cardinality(terms) between 2 and 10),
  -- Rises by one with each change.
  version integer not null check (version >= 1)
);

-- Rises with each change of a group: each instance then reads them anew.
alter table search_state add column synonyms_version integer not null default 1;

-- To begin with, for operators to change.
insert into search_synonym (id, terms, version)
select gen_random_uuid(), string_to_array(terms, ' = '), 1 from unnest(array[
  'sofa = couch = settee',
  'mug = cup',
  'torch = flashlight',
  'rug = carpet',
  'jumper = sweater = pullover',
  'trainers = sneakers',
  'backpack = rucksack',
  'pram = stroller = pushchair = baby carriage',
  'trousers = pants',
  'television = tv = telly',
  'suitcase = luggage',
  'bicycle = bike',
  'bin = trash can = waste bin = dustbin = garbage can',
  'wardrobe = closet',
  'duvet = comforter = quilt',
  'curtains = drapes',
  'frying pan = skillet',
  'coffee machine = coffee maker',
  'refrigerator = fridge',
  'vacuum cleaner = hoover',
  'mobile phone = cell phone = smartphone',
  'headphones = earphones = headset',
  'tap = faucet',
  'nappy = diaper',
  'cooker = stove',
  'spanner = wrench',
  'dressing gown = bathrobe',
  'cot = crib',
  'bookcase = bookshelf',
  'secateurs = pruning shears',
  'wellington boots = wellies = rubber boots',
  'raincoat = rain jacket',
  'saucepan = cooking pot',
  'chopping board = cutting board',
  'Sofa = Couch',
  'Geldbörse = Geldbeutel = Portemonnaie = Brieftasche',
  'Fernseher = TV = Fernsehgerät',
  'Mülleimer = Abfalleimer',
  'Vorhang = Gardine',
  'Fahrrad = Rad',
  'Pullover = Pulli',
  'Handy = Smartphone = Mobiltelefon',
  'Lampe = Leuchte',
  'Glühbirne = Leuchtmittel',
  'canapé = sofa',
  'réfrigérateur = frigo',
  'vélo = bicyclette',
  'téléviseur = télévision = télé',
  'pull = pull-over = chandail',
  'baskets = chaussures de course = chaussures de sport',
  'poubelle = corbeille',
  'nevera = frigorífico = refrigerador',
  'televisor = televisión = tele',
  'bicicleta = bici',
  'jersey = suéter = pulóver',
  'zapatillas = zapatos = tenis',
  'gafas = anteojos',
  'ordenador = computadora'
]) as terms;
