namespace Dify.Web.Resources;

/// <summary>Texts of the chat panel and the published web app.</summary>
internal sealed class ChatText;
