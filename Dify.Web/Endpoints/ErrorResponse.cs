namespace Dify.Web.Endpoints;

/// <summary>The error envelope of every API.</summary>
internal sealed record ErrorResponse(string Code, string Message, int Status);
