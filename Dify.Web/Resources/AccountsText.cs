namespace Dify.Web.Resources;

/// <summary>Texts of signing in, invitations and the settings of members and profile.</summary>
internal sealed class AccountsText;
