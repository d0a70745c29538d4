import type { MailTexts, Texts } from './texts.ts';

const notYou = 'Si no ha sido usted, cambie su contraseña enseguida y escríbanos.';
const ignore = 'Si no lo ha pedido usted, no haga nada: nada cambia.';

/** What an account signs in with has changed; the mails differ in their words only. */
const factorsChanged = (subject: string, heading: string, text: string): MailTexts => ({
  ...{ subject, preview: text, heading },
  ...{ paragraphs: [text], notes: [notYou] },
});

export const es: Texts = {
  hello: (name) => (name === '' ? 'Hola:' : `Hola, ${name}:`),
  labels: {
    subtotal: 'Subtotal',
    discount: 'Descuento',
    shipping: 'Envío',
    taxExemption: 'Exención de impuestos',
    tax: 'Impuestos',
    taxIncluded: 'Impuestos incluidos',
    total: 'Total',
    carrier: 'Transportista',
    trackingNumber: 'Número de seguimiento',
    payBy: 'Pagar antes del',
    amount: 'Importe',
    time: 'Fecha y hora',
    device: 'Navegador',
    provider: 'Servicio',
    newEmail: 'Nueva dirección',
    sku: 'Referencia',
    available: 'Disponible',
  },
  linkBelow: 'Si el botón no funciona, abra esta dirección:',
  linkHidden: 'Solo el destinatario ve el enlace de este mensaje.',
  trackingLink: 'Seguir el paquete',
  unsubscribe: 'No recibir más mensajes de este tipo',
  validUntil: (time) => `El enlace es válido hasta el ${time} y sirve una sola vez.`,
  order_confirmed: ({ number, shop }) => ({
    subject: `Su pedido ${number} está confirmado`,
    preview: `Gracias por su pedido en ${shop}.`,
    heading: 'Gracias por su pedido',
    paragraphs: [`Su pedido ${number} está confirmado. Le escribiremos de nuevo cuando lo enviemos.`],
    action: 'Ver el pedido',
  }),
  payment_needed: {
    transfer: ({ number, payBy }) => ({
      subject: `Pague su pedido ${number}`,
      preview: `Le reservamos los artículos hasta el ${payBy}.`,
      heading: 'Haga la transferencia',
      paragraphs: [
        `Tenemos su pedido ${number} y le reservamos los artículos hasta el ${payBy}. Transfiera el total, por favor:`,
      ],
      action: 'Ver el pedido',
    }),
    declined: ({ number, payBy }) => ({
      subject: `El pago de su pedido ${number} ha fallado`,
      preview: `Puede pagar de otra forma hasta el ${payBy}.`,
      heading: 'El pago ha fallado',
      paragraphs: [
        `El pago de su pedido ${number} ha fallado. Puede pagar de otra forma hasta el ${payBy}; después se cancela el pedido.`,
      ],
      action: 'Pagar ahora',
    }),
    action: ({ number, payBy }) => ({
      subject: `Su banco le pide que confirme el pago del pedido ${number}`,
      preview: `Confírmelo antes del ${payBy}.`,
      heading: 'Confirme el pago',
      paragraphs: [
        `Su banco le pide que confirme el pago de su pedido ${number}. Hágalo antes del ${payBy}; después se cancela el pedido.`,
      ],
      action: 'Confirmar el pago',
    }),
  },
  order_sent: ({ number, complete }) => ({
    subject: complete ? `Su pedido ${number} está en camino` : `Una parte de su pedido ${number} está en camino`,
    preview: complete ? 'Todo está enviado.' : 'El resto se envía más tarde.',
    heading: 'Su paquete está en camino',
    paragraphs: [
      complete
        ? `Hemos enviado este paquete de su pedido ${number}. No queda nada por enviar.`
        : `Hemos enviado este paquete de su pedido ${number}. El resto se envía más tarde.`,
    ],
    action: 'Ver el pedido',
  }),
  order_delivered: ({ number, shop }) => ({
    subject: `Su pedido ${number} está entregado`,
    preview: `Gracias por comprar en ${shop}.`,
    heading: 'Su pedido está entregado',
    paragraphs: [`Su pedido ${number} está entregado. Esperamos que le guste.`],
    action: 'Ver el pedido',
  }),
  order_cancelled: ({ number }) => ({
    subject: `Su pedido ${number} está cancelado`,
    preview: 'El dinero ya pagado se devuelve.',
    heading: 'Su pedido está cancelado',
    paragraphs: [
      `Su pedido ${number} está cancelado y no se envía. Si ya ha pagado, le devolvemos el dinero y le escribimos de nuevo.`,
    ],
    action: 'Ver el pedido',
  }),
  order_rejected: ({ number }) => ({
    subject: `No podemos entregar su pedido ${number}`,
    preview: 'No se ha cobrado nada.',
    heading: 'No podemos entregar su pedido',
    paragraphs: [
      `Un artículo de su pedido ${number} ya no está disponible, así que no podemos entregarlo. No se ha cobrado nada. Lo sentimos.`,
    ],
    action: 'Ver el pedido',
  }),
  order_refunded: ({ number, amount }) => ({
    subject: `Reembolso de su pedido ${number}`,
    preview: `Le devolvemos ${amount}.`,
    heading: 'Su reembolso',
    paragraphs: [
      `Le devolvemos ${amount} de su pedido ${number}, por el medio con el que pagó. Los bancos pueden tardar unos días.`,
    ],
    action: 'Ver el pedido',
  }),
  return_received: ({ number, isRefunded }) => ({
    subject: `Devolución recibida de su pedido ${number}`,
    preview: isRefunded ? 'Le devolvemos lo que pagó.' : 'Lo que devolvió ha llegado.',
    heading: 'Hemos recibido su devolución',
    paragraphs: [
      isRefunded
        ? `Hemos recibido de vuelta estos artículos de su pedido ${number}. Le devolvemos lo que pagó por ellos y le escribimos de nuevo con el importe.`
        : `Hemos recibido de vuelta estos artículos de su pedido ${number}.`,
    ],
    action: 'Ver el pedido',
  }),
  new_order: ({ number, units }) => ({
    subject: `Nuevo pedido ${number}`,
    preview: units === 1 ? 'Se ha vendido una unidad suya.' : `Se han vendido ${units} unidades suyas.`,
    heading: 'Ha vendido algo',
    paragraphs: [`El pedido ${number} está confirmado. Estas son sus líneas:`],
    action: 'Abrir el pedido',
  }),
  low_stock: ({ title, available }) => ({
    subject: available === 0 ? `Agotado: ${title}` : `Quedan pocas unidades: ${title}`,
    preview: available === 0 ? 'No queda nada por vender.' : `Quedan por vender: ${available}.`,
    heading: available === 0 ? 'Agotado' : 'Quedan pocas unidades',
    paragraphs: [
      available === 0
        ? `La última unidad de ${title} está reservada para un pedido. La tienda muestra el artículo como agotado hasta que añada existencias.`
        : `Después de un pedido quedan ${available} unidades de ${title}. La tienda las vende y luego muestra el artículo como agotado hasta que añada existencias.`,
    ],
    action: 'Abrir el artículo',
  }),
  verify_email: ({ shop, email }) => ({
    subject: `Confirme su dirección de correo para ${shop}`,
    preview: 'Un clic y su cuenta está completa.',
    heading: 'Confirme su dirección de correo',
    paragraphs: [`Confirme que ${email} es su dirección de correo.`],
    action: 'Confirmar la dirección',
    notes: [ignore],
  }),
  reset_password: ({ shop }) => ({
    subject: `Nueva contraseña para ${shop}`,
    preview: 'Ha pedido una nueva contraseña.',
    heading: 'Elija una nueva contraseña',
    paragraphs: ['Alguien ha pedido una nueva contraseña para su cuenta. Con este enlace puede elegirla:'],
    action: 'Elegir una nueva contraseña',
    notes: [ignore],
  }),
  confirm_new_email: ({ shop, email }) => ({
    subject: `Confirme su nueva dirección de correo para ${shop}`,
    preview: 'Con este enlace vale la nueva dirección.',
    heading: 'Confirme su nueva dirección de correo',
    paragraphs: [`Su cuenta va a tener la dirección ${email}. Vale desde que abra este enlace:`],
    action: 'Confirmar la dirección',
    notes: [ignore],
  }),
  email_changed: ({ shop }) => ({
    subject: `La dirección de correo de su cuenta en ${shop} ha cambiado`,
    preview: 'Desde ahora los mensajes van a la nueva dirección.',
    heading: 'Su dirección de correo ha cambiado',
    paragraphs: ['La dirección de correo de su cuenta ha cambiado. Desde ahora los mensajes van a la nueva dirección.'],
    notes: [notYou],
  }),
  password_changed: ({ shop }) => ({
    subject: `La contraseña de su cuenta en ${shop} ha cambiado`,
    preview: 'Se ha puesto una nueva contraseña.',
    heading: 'Su contraseña ha cambiado',
    paragraphs: ['Se ha puesto una nueva contraseña para su cuenta.'],
    notes: [notYou],
  }),
  new_sign_in: ({ shop }) => ({
    subject: `Nuevo inicio de sesión en su cuenta de ${shop}`,
    preview: 'Alguien ha entrado con un navegador desconocido.',
    heading: 'Nuevo inicio de sesión',
    paragraphs: ['Alguien ha entrado en su cuenta con un navegador que aún no conocemos.'],
    notes: [notYou],
  }),
  second_factor_on: ({ shop }) =>
    factorsChanged(
      `El inicio de sesión en dos pasos está activado en ${shop}`,
      'Su cuenta tiene un segundo factor',
      'Desde ahora, para entrar con su contraseña hace falta también un código de su aplicación de autenticación. Guarde los códigos de recuperación donde los encuentre sin su teléfono.',
    ),
  second_factor_off: ({ shop }) =>
    factorsChanged(
      `El inicio de sesión en dos pasos está desactivado en ${shop}`,
      'Su cuenta ya no tiene un segundo factor',
      'Se ha quitado la aplicación de autenticación de su cuenta. Desde ahora, para entrar basta su contraseña.',
    ),
  second_factor_removed: ({ shop }) =>
    factorsChanged(
      `Se han quitado los segundos factores de su cuenta en ${shop}`,
      'Se han quitado sus segundos factores',
      'El operador de la tienda ha quitado la aplicación de autenticación, los códigos de recuperación y las llaves de acceso de su cuenta. Puede entrar con su contraseña y configurarlos de nuevo.',
    ),
  recovery_code_used: ({ shop }) =>
    factorsChanged(
      `Se ha usado un código de recuperación de su cuenta en ${shop}`,
      'Se ha usado un código de recuperación',
      'Alguien ha usado uno de los códigos de recuperación de su cuenta. Cada uno sirve una sola vez.',
    ),
  passkey_added: ({ shop }) =>
    factorsChanged(
      `Se ha añadido una llave de acceso a su cuenta en ${shop}`,
      'Se ha añadido una llave de acceso',
      'Se ha añadido una llave de acceso a su cuenta. Con ella se entra sin la contraseña.',
    ),
  provider_connected: ({ shop }) =>
    factorsChanged(
      `Se ha vinculado un servicio de acceso a su cuenta en ${shop}`,
      'Se ha vinculado un servicio de acceso',
      'Se ha vinculado a su cuenta una cuenta de un servicio de acceso. Con ella se entra sin la contraseña.',
    ),
  provider_disconnected: ({ shop }) =>
    factorsChanged(
      `Se ha desvinculado un servicio de acceso de su cuenta en ${shop}`,
      'Se ha desvinculado un servicio de acceso',
      'Se ha desvinculado de su cuenta una cuenta de un servicio de acceso. Ya no se entra con ella.',
    ),
  account_erased: ({ shop }) => ({
    subject: 'Su cuenta está borrada',
    preview: 'Su nombre, sus direcciones y su contraseña están borrados.',
    heading: 'Su cuenta está borrada',
    paragraphs: [
      `Su cuenta en ${shop} está borrada, con su nombre, sus direcciones y su contraseña. Ya no puede entrar con ella.`,
      'De sus pedidos guardamos lo que la ley exige para la contabilidad: importes, artículos y la dirección de facturación. Un pedido que aún está en camino se entrega; después se borran sus datos de contacto.',
      'Este es el último mensaje. También borramos esta dirección en cuanto se envíe.',
    ],
    notes: ['Si no quería esto, responda pronto a este mensaje.'],
  }),
  invitation: ({ shop }) => ({
    subject: `Tiene una invitación de ${shop}`,
    preview: 'Acepte la invitación a trabajar en esta tienda.',
    heading: `Tiene una invitación de ${shop}`,
    paragraphs: [`Le invitamos a trabajar en la tienda ${shop}. Con este enlace acepta:`],
    action: 'Aceptar la invitación',
    notes: ['Si no sabe de qué se trata, no haga nada.'],
  }),
};
