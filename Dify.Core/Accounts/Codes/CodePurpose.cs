namespace Dify.Core.Accounts.Codes;

/// <summary>What a mailed code proves; a code of one purpose is worth nothing for another.</summary>
public enum CodePurpose
{
    Register,
    Reset,
}
